import { styleSheet } from '../../report/styles.js';
import { CONDITION_COLOURS, LEVEL_COLOURS } from '../../view/palette.js';

const conditions = (theme: 'light' | 'dark'): string => {
  const [below, middle, above] = LEVEL_COLOURS[theme];
  const own = CONDITION_COLOURS[theme].map((colour, at) => `--condition-${at}:${colour};`);
  return `${own.join('')}--below:${below};--middle:${middle};--above:${above};`;
};

const COLOURS = [
  `:root{${conditions('light')}}`,
  `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${conditions('dark')}}}`,
  `@media screen{:root[data-theme=dark]{${conditions('dark')}}}`,
].join('\n');

const RULES = `
.choices{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:8px 16px;padding:10px 0;margin-bottom:8px;background:var(--page)}
.choice{display:flex;gap:8px;align-items:center;color:var(--muted);font-size:14px;min-width:0}.choice select{min-width:0;max-width:100%}
.choice[hidden]{display:none}
.chart{display:block;width:100%;height:auto;overflow:visible;font-size:12px;font-variant-numeric:tabular-nums}
.chart text{fill:var(--soft)}.chart .name,.chart .note{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}.chart .tick,.chart .note{fill:var(--muted)}.chart .name{fill:var(--ink);font-weight:600;font-size:13px}
.chart .grid{stroke:var(--line)}.chart .zero{stroke:var(--muted);stroke-dasharray:2 3}.chart .start{stroke:var(--ink);stroke-width:1}
.chart .point{fill:var(--c);fill-opacity:.55;stroke:var(--card);stroke-width:.75}.chart .now .point,.chart .point.now{fill-opacity:1;stroke:var(--ink);stroke-width:2}
.chart .bar{stroke:var(--c);stroke-width:3;stroke-linecap:round}.chart .bar.thin{stroke-width:2}.chart .mean{fill:var(--c);stroke:var(--card);stroke-width:1.5}
.chart .curve{fill:none;stroke:var(--c);stroke-width:2;stroke-linejoin:round}.chart .band{fill:var(--c);opacity:.16}
.chart:focus-visible{outline-offset:6px}
.readout-line{min-height:1.6em;margin:8px 0 0;font-size:14px;color:var(--soft)}.readout-line b{color:var(--ink)}
.grid-of{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(260px,100%),1fr));gap:18px 22px}
.grid-of figure{margin:0;min-width:0}.grid-of figcaption{color:var(--ink);font-weight:600;font-size:13.5px;margin:0 0 4px;overflow-wrap:anywhere}.grid-of figcaption small{color:var(--muted);font-weight:400;margin-left:6px}
.key{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 12px;padding:0;list-style:none;font-size:14px}.key svg{display:inline-block;width:22px;height:12px;margin-right:6px;vertical-align:-1px}
.row-head .segments{flex-wrap:wrap}.row-head{display:flex;flex-wrap:wrap;gap:8px 18px;align-items:center;margin-bottom:12px}
.strip-rows{margin:0;padding:0;list-style:none}.strip-rows li{display:grid;grid-template-columns:128px minmax(0,1fr);gap:10px;align-items:center;font-size:12.5px;line-height:1.2;break-inside:avoid}
.strip-rows li+li{margin-top:3px}.strip-rows .who{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}.strip-rows small{color:var(--muted)}
.strip-rows .group{grid-template-columns:1fr;font-weight:600;font-size:13.5px;margin:12px 0 4px}.strip-rows canvas{display:block;width:100%;height:18px;border-radius:3px;background:var(--hatch)}
.strip-rows .axis canvas{height:20px;background:none}
.strip-scroll{max-height:640px;overflow:auto;border-radius:6px}.strip-scroll:focus-visible{outline-offset:4px}
.meter{display:inline-block;width:74px;height:8px;border-radius:4px;background:var(--hatch);margin-right:8px;overflow:hidden;vertical-align:1px}.meter span{display:block;height:100%;background:var(--validity-ok)}
h3.inline{display:inline;line-height:2.4}td.prose,td.wrap{min-width:140px}details.as-table{margin-top:12px}#all summary{color:var(--accent);font-size:14px}#all-body{margin-top:12px}details.as-table summary{color:var(--accent);font-size:14px}
.none{color:var(--muted);padding:18px 0}
@media (max-width:600px){.choices{position:static}.choice{width:100%;display:grid;grid-template-columns:84px minmax(0,1fr)}.strip-rows li{grid-template-columns:84px minmax(0,1fr);gap:6px}.wide-only{display:none}}
@media print{.screen-only{display:none}@page{size:A4;margin:14mm 12mm}:root{--page:#fff}footer{padding:0}.sub,.row-head,.key,.shown-for{break-after:avoid}.sub{break-inside:avoid}.chart~.sub{break-before:avoid;break-after:auto}.choices,.readout-line,details.as-table,#all summary,.row-head .segments,.wide-only{display:none}.strip-scroll{max-height:none;overflow:visible}.tiles{grid-template-columns:repeat(5,1fr)}.tiles strong{font-size:18px}.tiles li{padding:8px 10px}.intro{padding:6px 0 10px}h1{font-size:26px}.lead{font-size:15px}
.card{break-inside:auto;padding:12px 14px}.card>h2,h3{break-after:avoid}.chart,.grid-of figure,tr{break-inside:avoid}.grid-of{grid-template-columns:repeat(3,minmax(0,1fr))}td,th{white-space:normal;padding:3px 6px}thead th{position:static}.codebook{font-size:9px}.codebook table{font-size:9px}.shown-for{display:block}}
@media screen{.shown-for{display:none}}
`;

/** The style sheet of a study's report: that of a video's report, and its own. */
export const studyStyleSheet = (): string => `${styleSheet()}\n${COLOURS}\n${RULES}`;

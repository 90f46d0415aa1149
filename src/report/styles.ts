import { EMOTIONS } from '../domain/affect.js';
import { VALIDITY } from '../domain/face.js';
import { EMOTION_COLOURS, inkOn, VALIDITY_COLOURS } from '../view/palette.js';

const GROUNDS = {
  light: `--page:#f6f6f3;--card:#ffffff;--plot:#fbfbf9;--hatch:#efefec;--ink:#191c22;--soft:#3d434e;--muted:#626a77;
    --line:#e1e3e6;--accent:#2f56b8;--first:#2f56b8;--second:#a8480f;--warn:#fff3d6;--good:#1a7a4b;--bad:#b3261e;--shadow:0 1px 2px #0000000d,0 6px 24px #0000000a;
    color-scheme:light;`,
  dark: `--page:#0e1116;--card:#161a21;--plot:#11151b;--hatch:#191e26;--ink:#eceef2;--soft:#c6ccd6;--muted:#98a2b1;
    --line:#2a303a;--accent:#8fb1ff;--first:#8fb1ff;--second:#ffb37a;--warn:#3a2f12;--good:#5fcf95;--bad:#ff8f84;--shadow:none;
    color-scheme:dark;`,
} as const;

function variables(theme: 'light' | 'dark'): string {
  const emotions = EMOTIONS.map((name) => {
    const colour = EMOTION_COLOURS[theme][name];
    return `--${name}:${colour};--on-${name}:${name === 'neutral' ? 'var(--ink)' : inkOn(colour)};`;
  });
  const validity = VALIDITY.map((name) => `--validity-${name}:${VALIDITY_COLOURS[theme][name]};`);
  return `${GROUNDS[theme]}${emotions.join('')}${validity.join('')}`;
}

const RULES = `
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:4.5rem}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif}
.page{max-width:1240px;margin:0 auto;padding:0 24px 64px}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:6px}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:8px 12px;z-index:9}
.top{display:flex;justify-content:space-between;align-items:center;padding:18px 0 0}
.brand{font-weight:700;letter-spacing:-.02em;font-size:18px}.brand small{font-weight:400;letter-spacing:0;color:var(--muted);font-size:13px;margin-left:8px}
button,select{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:8px;padding:5px 12px;cursor:pointer}
button:hover,select:hover{border-color:var(--muted)}
.intro{padding:30px 0 26px}
h1{font-size:clamp(26px,4vw,40px);line-height:1.12;letter-spacing:-.025em;margin:0 0 10px;overflow-wrap:anywhere}
h2{font-size:21px;letter-spacing:-.015em;margin:0;line-height:1.25}
h3{font-size:15px;margin:22px 0 8px}
.facts{display:flex;flex-wrap:wrap;gap:2px 18px;margin:0;padding:0;list-style:none;color:var(--muted);font-size:14px}
.lead{font-size:clamp(17px,2vw,21px);line-height:1.45;max-width:62ch;margin:20px 0 0;color:var(--soft);text-wrap:pretty}
.caveat{max-width:72ch;color:var(--muted);margin:12px 0 0;font-size:14px}
.problem{background:var(--warn);border-radius:10px;padding:10px 14px;margin:16px 0 0}
.notes{border-left:3px solid var(--line);padding:2px 0 2px 14px;margin:16px 0 0;font-size:14px;color:var(--soft);max-width:80ch;overflow-wrap:anywhere}.notes ul{margin:2px 0 0;padding-left:18px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:0 0 16px;padding:0;list-style:none}
.tiles li,.card{background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:var(--shadow)}
.tiles li{padding:14px 18px}.tiles strong{display:block;font-size:27px;letter-spacing:-.02em;line-height:1.2;font-variant-numeric:tabular-nums}
.tiles span{color:var(--muted);font-size:13.5px}
.card{padding:20px 22px;margin:0 0 16px}
.card>h2{margin-bottom:4px}.sub{color:var(--muted);margin:0 0 14px;font-size:14px;max-width:80ch}
.people-board{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(250px,100%),1fr));gap:12px}
.person-column{border:1px solid var(--line);border-radius:12px;background:var(--plot);padding:10px 12px;min-height:84px}.person-column.over{border-color:var(--accent);box-shadow:0 0 0 1px var(--accent)}
.person-column>label{display:block;color:var(--muted);font-size:13px}.person-column input{display:block;width:100%;font:inherit;font-size:15px;font-weight:600;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:8px;padding:5px 9px;margin-top:3px}
.person-column input::placeholder{font-weight:400;color:var(--muted)}.person-column>p{margin:0;color:var(--muted);font-size:13.5px}.person-tracks{list-style:none;margin:8px 0 0;padding:0;display:grid;gap:6px}
.person-track{display:grid;grid-template-columns:36px minmax(0,1fr) auto;gap:8px;align-items:center;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:5px 8px 5px 5px;font-size:13.5px;line-height:1.3;cursor:grab}
.person-track img,.person-track .blank{width:36px;height:36px;border-radius:50%;object-fit:cover;background:var(--hatch)}.person-track small{display:block;color:var(--muted);font-size:12px;font-variant-numeric:tabular-nums}.person-track select{padding:4px 6px;font-size:13px;max-width:112px}
.people-save{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin-top:14px;font-size:14px}.people-save p{margin:0;color:var(--soft);overflow-wrap:anywhere}.people-save .primary{background:var(--accent);border-color:var(--accent);color:var(--card);font-weight:600}
.person-faces>h2{margin:26px 0 10px}.person-faces>h2 small{font-size:14px;font-weight:400;letter-spacing:0;color:var(--muted);margin-left:8px}
.speech-rows{list-style:none;margin:0;padding:0;display:grid;gap:8px}.speech-rows li{display:grid;grid-template-columns:150px minmax(0,1fr);gap:14px;align-items:center;font-size:14px;line-height:1.3}
.speech-rows .who{overflow:hidden;text-overflow:ellipsis}.speech-rows small{display:block;color:var(--muted);font-size:12.5px;font-variant-numeric:tabular-nums}.speech-rows canvas{display:block;width:100%;height:26px;border-radius:6px;background:var(--hatch);cursor:pointer}.speech-rows .axis canvas{height:20px;background:none;cursor:auto}
.share{display:flex;height:18px;border-radius:6px;overflow:hidden;gap:1px;background:var(--line)}.share span{background:var(--swatch);min-width:2px}
.legend{display:flex;flex-wrap:wrap;gap:4px 20px;margin:12px 0 16px;padding:0;list-style:none;font-size:14px}
.legend b{font-variant-numeric:tabular-nums}
.swatch{display:inline-block;width:11px;height:11px;border-radius:3px;background:var(--swatch);margin-right:7px;vertical-align:-1px}
#coverage{display:block;width:100%;height:30px;border-radius:6px;background:var(--hatch)}#coverage-axis{display:block;width:100%;height:20px}
#toolbar{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;padding:10px 0;margin-bottom:8px;background:var(--page)}
.segments{display:flex;border:1px solid var(--line);border-radius:9px;overflow:hidden;background:var(--card);padding:0;margin:0}
.segments label{position:relative;cursor:pointer}.segments input{position:absolute;opacity:0;inset:0;margin:0;cursor:pointer}
.segments span{display:block;padding:5px 13px;font-size:14px;color:var(--soft)}
.segments label+label span{border-left:1px solid var(--line)}
.segments input:checked+span{background:var(--accent);color:var(--card);font-weight:600}
.segments input:disabled+span{color:var(--muted);opacity:.55;cursor:not-allowed}
.segments input:focus-visible+span{outline:2px solid var(--accent);outline-offset:-4px}
.zoom{display:flex;gap:4px}.zoom button{min-width:36px;padding:5px 10px}
.now{margin-left:auto;color:var(--muted);font-size:14px}.now b{color:var(--ink);font-variant-numeric:tabular-nums;font-size:16px}
.face{padding:0}
.face>details>summary{list-style:none;cursor:pointer;padding:18px 22px;display:flex;gap:16px;align-items:center}
.face>details>summary::-webkit-details-marker{display:none}
.face>details>summary::after{content:"Show";margin-left:auto;color:var(--accent);font-size:14px}.face>details[open]>summary::after{content:"Hide"}
.face .body{padding:0 22px 20px}
.avatar{width:56px;height:56px;border-radius:50%;object-fit:cover;background:var(--hatch);flex:none}
.face summary p{margin:2px 0 0;color:var(--muted);font-size:14px}
.gallery{display:flex;align-items:flex-start;gap:10px;overflow-x:auto;padding:4px 4px 12px;margin:0 -4px 10px}
.gallery button{flex:none;width:108px;padding:0;border-radius:12px;overflow:hidden;text-align:left;line-height:1.3;font-size:13px;background:var(--plot)}
.gallery img{display:block;width:100%;height:auto;aspect-ratio:1;object-fit:cover;background:var(--hatch)}
.gallery .tag{display:block;padding:6px 9px 0;font-weight:600;border-top:3px solid var(--swatch)}
.gallery .units{display:block;padding:0 2px 8px 9px;margin-top:-5px;color:var(--soft);font-size:11px;white-space:nowrap;letter-spacing:-.02em}
.gallery .when{display:block;padding:0 9px 7px;color:var(--muted);font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:minmax(0,1fr) 270px;gap:26px}
.plots{position:relative;display:grid;grid-template-columns:minmax(0,1fr);touch-action:pan-y;cursor:crosshair;border-radius:6px}
.plots:focus-visible{outline-offset:6px}
.plot-head{display:flex;justify-content:space-between;gap:10px;font-size:13px;padding:12px 0 4px;min-height:20px;pointer-events:none;position:relative;z-index:1;background:var(--card)}
.plot-title{font-weight:600;white-space:nowrap}.plot-note{font-weight:400;color:var(--muted);margin-left:8px;white-space:normal}
.plot-values{color:var(--soft);font-variant-numeric:tabular-nums;white-space:pre;text-align:right;overflow:hidden;text-overflow:ellipsis}
.plot canvas{display:block;width:100%;height:64px;border-radius:6px;background:var(--plot)}
.plot-emotions canvas{height:236px}.plot-episodes canvas{height:30px}.plot-coverage canvas{height:10px}
.plot-over{position:relative}.unit-rows{position:absolute;inset:0;margin:0;padding:0;list-style:none;pointer-events:none;font-size:11.5px;line-height:16px}
.unit-rows li{height:28px;display:flex;gap:6px;padding-left:6px;white-space:nowrap;color:var(--soft);text-shadow:0 0 2px var(--plot),0 0 3px var(--plot),0 0 4px var(--plot)}
.unit-rows .code{font-weight:600;color:var(--ink)}.unit-rows b{margin-left:6px;font-weight:400;font-variant-numeric:tabular-nums}.unit-rows small{font-size:11px;color:var(--muted);font-variant-numeric:tabular-nums}
.unit-rows .active,.unit-rows .active b{color:var(--ink);font-weight:600}
.plot-axis .plot-head{display:none}.plot-axis canvas{height:20px;background:none;border-radius:0}.plot-affect canvas{height:118px}
.cursor{position:absolute;top:34px;bottom:0;width:0;border-left:1.5px solid var(--ink);opacity:.65;pointer-events:none}
.brush{position:absolute;top:34px;bottom:0;background:var(--accent);opacity:.16;pointer-events:none}
.side{align-self:start;position:sticky;top:64px;padding-top:10px}
.readout-time{margin:0 0 6px;font-weight:600;font-variant-numeric:tabular-nums;font-size:14px}
.readout-list{margin:0;padding:0;list-style:none;font-size:13.5px}
.readout-list li{display:grid;grid-template-columns:78px 1fr 46px;gap:8px;align-items:center;line-height:1.75}
.bar-track{position:relative;height:9px;border-radius:5px;background:var(--hatch);overflow:hidden}
.bar{position:absolute;inset:0 auto 0 0;background:var(--bar);border-radius:5px}
.spread{position:absolute;top:0;bottom:0;background:var(--bar);opacity:.3}
.value{text-align:right;font-variant-numeric:tabular-nums}.readout.empty .readout-list{opacity:.45}
.side figure{margin:18px 0 0}.plane{display:block;width:100%;aspect-ratio:1}figcaption{color:var(--muted);font-size:12.5px;line-height:1.4;margin-top:6px}
.insights{margin-top:18px}.insights .sub{margin:0 0 10px}.insight-list{display:grid;align-items:start;grid-template-columns:repeat(auto-fill,minmax(min(360px,100%),1fr));gap:12px;margin:0;padding:0;list-style:none}
.insight{display:grid;grid-template-columns:86px minmax(0,1fr);gap:14px;align-items:start;align-content:start;padding:12px;border:1px solid var(--line);border-radius:12px;background:var(--plot);font-size:14px;line-height:1.45;overflow-wrap:anywhere;break-inside:avoid}
.insight p,.claims{margin:0 0 6px}.insight .words{white-space:pre-line;max-height:14em;overflow:auto;color:var(--soft)}
.insight .evidence{padding:0;overflow:hidden;line-height:1.3}.insight .evidence img{display:block;width:84px;height:84px;object-fit:cover;background:var(--hatch)}.insight .when{display:block;padding:3px 0;font-size:13px;color:var(--accent);font-variant-numeric:tabular-nums}
.unparsable .evidence img{width:44px;height:44px;margin:0 auto}.headline b{font-size:15.5px}.headline b::first-letter{text-transform:uppercase}
.disagrees{display:flex;gap:8px;padding:4px 9px;border-left:3px solid var(--bad);border-radius:4px;background:var(--warn)}
.claims{padding:0;list-style:none}.claims li{display:grid;grid-template-columns:15px minmax(0,1fr) auto;gap:0 6px;align-items:baseline}.sign{font-weight:700}.verdict{color:var(--muted);font-size:12.5px}
.disagrees .sign,.contradicted .sign,.contradicted .verdict{color:var(--bad)}.contradicted .verdict{font-weight:600}.agreed .sign,.agreed .verdict{color:var(--good)}.origin{color:var(--muted);font-size:12.5px}
details.values{margin-top:14px}summary{cursor:pointer}
.table-scroll{overflow:auto;max-height:420px;margin-top:8px;border:1px solid var(--line);border-radius:10px}
table{border-collapse:collapse;width:100%;font-size:13.5px;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);padding:8px 10px}
th,td{padding:5px 10px;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
thead th{position:sticky;top:0;background:var(--card);color:var(--muted);font-weight:600}tbody tr:last-child>*{border-bottom:0}
td.wrap{white-space:normal;overflow-wrap:anywhere}td.prose{white-space:normal;min-width:140px}
.filters{display:flex;flex-wrap:wrap;gap:10px 16px;align-items:center;margin-bottom:8px}.filters label{color:var(--muted);font-size:14px}.filters select{margin-left:6px}
.episode-status{color:var(--muted);font-size:14px;margin-left:auto}.go{border:0;background:none;color:var(--accent);padding:0;text-decoration:underline;text-underline-offset:2px}
.episode-more{margin-top:10px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px}.two .card{margin:0}.two{margin-bottom:16px}
.card ul.plain{margin:0;padding-left:18px}.card ul.plain li{margin:4px 0}
code,kbd{font:12.5px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}kbd{border:1px solid var(--line);border-bottom-width:2px;border-radius:5px;padding:0 5px;background:var(--plot)}
.keys{display:grid;grid-template-columns:auto 1fr;gap:4px 14px;margin:0;font-size:14px}.keys dd{margin:0;color:var(--soft)}
footer{color:var(--muted);font-size:13.5px;padding-top:8px}
.empty{text-align:left}
@media (max-width:900px){.charts{grid-template-columns:minmax(0,1fr)}.side{position:static;display:grid;grid-template-columns:1fr 220px;gap:20px}.two{grid-template-columns:1fr}}
@media (max-width:600px){.speech-rows li{grid-template-columns:minmax(0,1fr);gap:3px}.speech-rows .who{display:flex;gap:8px;align-items:baseline}.speech-rows .axis .who{display:none}.plot-units .plot-note{display:inline;font-size:11px;margin-left:5px}.page{padding:0 14px 40px}.intro{padding:22px 0 18px}.card{padding:16px 14px}.face{padding:0}.face .body{padding:0 14px 16px}.face>details>summary{padding:14px}
.side{grid-template-columns:minmax(0,1fr)}.side figure{max-width:300px;margin:8px auto 0}#toolbar{gap:8px}.now{width:100%;order:9;margin:0}.segments span{padding:5px 9px;font-size:13.5px}
.plot-values{font-size:12px}.plot-note{display:none}.plot-affect .plot-note{display:inline;font-size:11px;margin-left:5px}.plot-affect .plot-head{flex-wrap:wrap;gap:0 10px}.tiles{grid-template-columns:1fr 1fr}.tiles li{padding:11px 14px}.tiles strong{font-size:23px}.legend{gap:4px 14px}}
@media (prefers-reduced-motion:no-preference){.bar{transition:width .08s linear}html{scroll-behavior:smooth}}
@media print{body{font-size:11px}.page{max-width:none;padding:0}#theme,#toolbar,.cursor,.episode-more,.filters,.skip,.keys-card,.face>details>summary::after{display:none}
.card,.tiles li{box-shadow:none;break-inside:avoid}.face{break-inside:auto}.plot{break-inside:avoid}.gallery{flex-wrap:wrap;overflow:visible}.table-scroll{max-height:none;overflow:visible}.side{position:static}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** The colours of both themes as custom properties; the system's choice, unless `data-theme` on the root says another. */
export function themeSheet(): string {
  return [
    `:root{${variables('light')}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${variables('dark')}}}`,
    `@media screen{:root[data-theme=dark]{${variables('dark')}}}`,
  ].join('\n');
}

/** The page's whole style sheet; colours come from the palette. */
export function styleSheet(): string {
  return `${themeSheet()}\n${RULES}`;
}

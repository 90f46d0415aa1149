import type { PeopleData, ReportData } from '../../../src/report/report-data.js';
import { clockText } from '../../../src/view/clock-words.js';
import { h } from '../../shared/element.js';
import { unnamed } from './people-faces.js';
import { freePerson, mapText, type PeopleState, type PersonRow, personsOf, stateOf } from './people-rows.js';

const NOBODY = 0;
const MAP_NAME = 'map.csv';

/** The panel in which the reader says who is who, and saves it as a map. */
export class PeoplePanel {
  readonly #board: HTMLElement;
  readonly #data: PeopleData;
  readonly #times: ReadonlyMap<number, string>;
  readonly #state: PeopleState;
  #dragged: PersonRow | null = null;

  constructor(board: HTMLElement, data: PeopleData, tracks: ReportData['tracks']) {
    this.#board = board;
    this.#data = data;
    this.#state = stateOf(data);
    this.#times = new Map(
      tracks.map(({ id, firstUs, lastUs }) => [id, `${clockText(firstUs / 1e6)} to ${clockText(lastUs / 1e6)}`]),
    );
    this.#draw();
    board.after(this.#saving());
  }

  #draw(): void {
    const persons = personsOf(this.#state);
    const columns = [...persons, freePerson(this.#state), NOBODY].map((person) => this.#column(person, persons));
    this.#board.replaceChildren(...columns);
  }

  #move(row: PersonRow, person: number): void {
    row.person = person;
    this.#draw();
    this.#board.querySelector<HTMLElement>(`select[data-row="${this.#state.rows.indexOf(row)}"]`)?.focus();
  }

  #column(person: number, persons: readonly number[]): HTMLElement {
    const rows = this.#state.rows.filter((row) => row.person === person);
    const column = h('section', {
      className: 'person-column',
      attributes: { 'aria-label': this.#titleOf(person, persons) },
      children: [
        this.#head(person, persons),
        h('ul', { className: 'person-tracks', children: rows.map((row) => this.#chip(row, persons)) }),
      ],
    });
    column.addEventListener('dragover', (event) => {
      event.preventDefault();
      column.classList.add('over');
    });
    column.addEventListener('dragleave', () => column.classList.remove('over'));
    column.addEventListener('drop', (event) => {
      event.preventDefault();
      column.classList.remove('over');
      if (this.#dragged) this.#move(this.#dragged, person);
      this.#dragged = null;
    });
    return column;
  }

  #titleOf(person: number, persons: readonly number[]): string {
    if (person === NOBODY) return 'Nobody of interest';
    if (!persons.includes(person)) return 'Another person';
    return this.#state.names.get(person) ?? unnamed(person);
  }

  #head(person: number, persons: readonly number[]): HTMLElement {
    if (!persons.includes(person)) return h('p', { text: `${this.#titleOf(person, persons)}: drop a face here` });
    const input = h('input', {
      attributes: { type: 'text', maxlength: '60', placeholder: 'name or pseudonym', autocomplete: 'off' },
    });
    input.value = this.#state.names.get(person) ?? '';
    input.addEventListener('change', () => {
      const name = input.value.trim();
      if (name === '') this.#state.names.delete(person);
      else this.#state.names.set(person, name);
      this.#draw();
    });
    return h('label', { children: [unnamed(person), input] });
  }

  #chip(row: PersonRow, persons: readonly number[]): HTMLElement {
    const { track, fromUs, toUs } = row;
    const picture = document.querySelector<HTMLImageElement>(`#face-${track} .avatar`);
    const stretch = [
      fromUs === null ? 'start' : clockText(fromUs / 1e6),
      toUs === null ? 'end' : clockText(toUs / 1e6),
    ];
    const when =
      fromUs === null && toUs === null ? (this.#times.get(track) ?? 'not on this page') : stretch.join(' to ');
    const choose = h('select', {
      attributes: { 'aria-label': `Whose face ${track} is`, 'data-row': String(this.#state.rows.indexOf(row)) },
    });
    for (const person of [...persons, freePerson(this.#state), NOBODY]) {
      const option = h('option', { text: this.#titleOf(person, persons), attributes: { value: String(person) } });
      option.selected = person === row.person;
      choose.append(option);
    }
    choose.addEventListener('change', () => this.#move(row, Number(choose.value)));
    const chip = h('li', {
      className: 'person-track',
      attributes: { draggable: 'true' },
      children: [
        picture ? h('img', { attributes: { src: picture.src, alt: '' } }) : h('span', { className: 'blank' }),
        h('span', { text: `Face ${track}`, children: [h('small', { text: when })] }),
        choose,
      ],
    });
    chip.addEventListener('dragstart', (event) => {
      event.dataTransfer?.setData('text/plain', `face ${track}`);
      this.#dragged = row;
    });
    return chip;
  }

  #saving(): HTMLElement {
    const told = h('p', { attributes: { role: 'status' } });
    const save = h('button', {
      className: 'primary',
      text: `Save ${MAP_NAME}`,
      attributes: { type: 'button' },
      onClick: () => {
        const address = URL.createObjectURL(new Blob([mapText(this.#state)], { type: 'text/csv' }));
        h('a', { attributes: { href: address, download: MAP_NAME } }).click();
        URL.revokeObjectURL(address);
        const command = `mien people ${this.#data.source}.people.json --people ${MAP_NAME}`;
        told.replaceChildren(
          'Saved. Beside the results, run ',
          h('code', { text: command }),
          ': all files then say so.',
        );
      },
    });
    return h('div', { className: 'people-save', children: [save, told] });
  }
}

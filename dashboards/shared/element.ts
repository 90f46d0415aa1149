/** A new element; text is set as text, so that no data is ever read as markup. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: {
    readonly className?: string;
    readonly text?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    readonly children?: readonly (Node | string | null)[];
    readonly onClick?: () => void;
  } = {},
): HTMLElementTagNameMap[Tag] {
  const { className, text, attributes, children, onClick } = options;
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes ?? {})) made.setAttribute(name, value);
  for (const child of children ?? []) if (child !== null) made.append(child);
  if (onClick) made.addEventListener('click', onClick);
  return made;
}

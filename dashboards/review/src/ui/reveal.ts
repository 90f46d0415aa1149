/** Scrolls a box so that what is in it can be seen; the page itself stays where it is. */
export function revealIn(box: HTMLElement, child: Element | null): void {
  if (!child) return;
  const [outer, inner] = [box.getBoundingClientRect(), child.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

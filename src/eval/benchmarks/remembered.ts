/** Does something to a picture once while its questions are asked; what is remembered is bounded. */
export async function remembered<T>(
  done: Map<string, Promise<T>>,
  image: string,
  work: (image: string) => Promise<T>,
): Promise<T> {
  const known = done.get(image) ?? work(image);
  done.set(image, known);
  if (done.size > 256) done.delete(done.keys().next().value!);
  return known;
}

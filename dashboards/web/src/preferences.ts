/** Choices of this browser. Private windows may refuse storage: then nothing is remembered. */
const PREFIX = 'mien.';

function storage<T>(use: () => T): T | null {
  try {
    return use();
  } catch {
    return null;
  }
}

export const remembered = (name: string): string | null => storage(() => localStorage.getItem(PREFIX + name));

export const keep = (name: string, value: string): void => {
  storage(() => localStorage.setItem(PREFIX + name, value));
};

/** The token lives as long as the tab. */
export const tokenOfTab = (): string | null => storage(() => sessionStorage.getItem(`${PREFIX}token`));

export const keepToken = (token: string | null): void => {
  storage(() =>
    token === null ? sessionStorage.removeItem(`${PREFIX}token`) : sessionStorage.setItem(`${PREFIX}token`, token),
  );
};

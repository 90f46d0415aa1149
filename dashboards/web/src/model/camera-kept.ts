/** Whether a camera can be kept in the configuration file, and is. */
export interface KeepFacts {
  /** Why nothing can be written there; null: it can. */
  readonly unsavable: string | null;
  /** Why the camera is not there as it runs; null: it is; undefined: it is still to be added. */
  readonly unsaved: string | null | undefined;
  /** It outlasts this process anyway. */
  readonly lasting: boolean;
}

/** What happens to a change that is not kept there. */
export function keepWords({ unsavable, unsaved }: Omit<KeepFacts, 'lasting'>): string {
  const until = unsaved === null ? 'it comes back as it was when mien is started again' : 'it lasts until mien stops';
  return unsavable === null
    ? `Otherwise ${until}. User, password and keys are not written: the file names environment variables in their place.`
    : `It cannot be kept: ${unsavable}. So ${until}.`;
}

/** What is to be done so that a camera works when mien is started again. */
export function savedWords(saved: {
  readonly unsaved: string | null;
  readonly variables: readonly string[];
}): string[] {
  const { unsaved, variables } = saved;
  if (unsaved !== null) return [`It runs, but it is not in the configuration file: ${unsaved}.`];
  if (variables.length === 0) return [];
  return [
    'It runs, and it is in the configuration file, without what is secret.',
    `Before mien is started again, set in its environment ${variables.join(', ')} to what stands for *** in its address${
      variables.length > 1 ? ', in this order' : ', such as user:password'
    }. Until then the camera will refuse access.`,
  ];
}

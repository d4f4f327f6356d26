/**
 * Loads the driver so that what it does for a connection that was collected as garbage cannot end the process: versions 7
 * and 26 log such a connection off, which throws, to nobody, where its server has gone away.
 */
export async function withQuietFinalizers<T>(load: () => Promise<T>): Promise<T> {
  const own = globalThis.FinalizationRegistry;
  globalThis.FinalizationRegistry = class<Held> extends own<Held> {
    constructor(clean: (held: Held) => void) {
      super((held) => {
        try {
          clean(held);
        } catch {
          // It was garbage, and its server is gone: nothing is left to be done.
        }
      });
    }
  };
  try {
    return await load();
  } finally {
    globalThis.FinalizationRegistry = own;
  }
}

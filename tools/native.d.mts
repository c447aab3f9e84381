/** Whether there is a C compiler here that knows Node's headers. */
export function canCompile(): boolean;

/** Makes the addon at `file`, by default where the server looks for it. */
export function compileAddon(file?: string): Promise<void>;

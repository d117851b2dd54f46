// Types of the two files of the pinned package that we import. The package's own types describe its asynchronous interface, which we
// never use. A file that imports them says so with a reference to this one, so that each type world sees it.
/* oxlint-disable typescript/consistent-type-imports -- a declaration of a foreign module can't import a file of ours by a statement */

declare module '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs' {
  /** Instantiates the build; give either the bytes of its wasm file or where to fetch them. */
  export default function factory(options: {
    wasmBinary?: Uint8Array
    locateFile?: (fileName: string) => string
  }): Promise<import('./wasm.ts').SqliteModule>
}

declare module '@journeyapps/wa-sqlite/src/examples/AccessHandlePoolVFS.js' {
  /** A VFS over a pool of OPFS files with synchronous access handles; for a dedicated worker only. */
  export class AccessHandlePoolVFS {
    constructor(directory: string, module: import('./wasm.ts').SqliteModule)
    readonly name: string
    readonly mxPathname: number
    hasAsyncMethod(methodName: string): boolean
    isReady(): Promise<boolean>
    close(): Promise<void>
    jOpen(name: string | null, file: number, flags: number, outFlags: DataView): number
    jClose(file: number): number
    jRead(file: number, data: unknown, offset: number): number
    jWrite(file: number, data: unknown, offset: number): number
    jTruncate(file: number, size: number): number
    jSync(file: number, flags: number): number
    jFileSize(file: number, size: unknown): number
    jDelete(name: string, syncDirectory: number): number
  }
}

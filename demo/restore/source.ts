/** What a restore needs of a backup, wherever it was read from. Paths are absolute. */
export interface RestoreSource {
  readonly databaseName: string;
  readonly cdb: boolean;
  readonly controlfile: string;
  /** Directory with the backup's archived logs. */
  readonly logs: string;
  /** The logs go on beyond the moment of the control file, so that their redo may add files that it does not know. */
  readonly logsGoOn: boolean;
  /** Of copies that were taken at one moment without backup mode: that moment, as SNAPSHOT TIME takes it. */
  readonly snapshotTime?: string;
  readonly datafiles: readonly RestoreDatafile[];
  readonly tempfiles: readonly {
    readonly container: string;
    readonly tablespace: string;
    readonly bytes: number;
  }[];
}

export interface RestoreDatafile {
  readonly file: number;
  /** Decimal text. With `file` it is the file's identity (rule 56). */
  readonly creationScn: string;
  readonly copy: string;
}

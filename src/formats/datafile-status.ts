/** Status word of a datafile header. Bits that umbra has no use for are in `word` only. */
export interface DatafileStatus {
  readonly word: number;
  /** Between BEGIN BACKUP and END BACKUP. */
  readonly hotBackup: boolean;
  /** The file was open. */
  readonly onlineFuzzy: boolean;
  readonly mediaRecoveryFuzzy: boolean;
  readonly absoluteFuzzy: boolean;
  /** Needs recovery before it can be opened: any of the bits that Oracle calls fuzzy. */
  readonly fuzzy: boolean;
}

const HOT_BACKUP = 0x0001;
const ONLINE_FUZZY = 0x0004;
const MEDIA_RECOVERY_FUZZY = 0x0010;
const ABSOLUTE_FUZZY = 0x0040;
const PROXY_COPY = 0x1000;
const STANDBY_FUZZY = 0x4000;
const ANY_FUZZY =
  HOT_BACKUP | ONLINE_FUZZY | MEDIA_RECOVERY_FUZZY | ABSOLUTE_FUZZY | PROXY_COPY | STANDBY_FUZZY;

export function datafileStatus(word: number): DatafileStatus {
  return {
    word,
    hotBackup: (word & HOT_BACKUP) !== 0,
    onlineFuzzy: (word & ONLINE_FUZZY) !== 0,
    mediaRecoveryFuzzy: (word & MEDIA_RECOVERY_FUZZY) !== 0,
    absoluteFuzzy: (word & ABSOLUTE_FUZZY) !== 0,
    fuzzy: (word & ANY_FUZZY) !== 0,
  };
}

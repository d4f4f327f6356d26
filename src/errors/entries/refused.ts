import { entry } from "../entry.ts";
import { exitClass } from "../exit-classes.ts";

/** What a refusal carries; its own `todo` replaces the hint. */
export interface Seen {
  readonly seen: string;
  readonly rule?: number;
}

/** UMB-3xxx: reasons of planners. The numbers behind `rule` are those of docs/rules.md. */
export const refusedErrors = {
  /** Rule 2. */
  "UMB-3101": refusal("check the connect string and the configured dbid"),
  /** Rule 3. */
  "UMB-3102": refusal("switch the database to ARCHIVELOG, or take a cold backup"),
  /** Rule 110. */
  "UMB-3103": refusal("back up the primary"),
  /** Rule 110. */
  "UMB-3104": refusal("open the database read write"),
  /** Rule 36. */
  "UMB-3105": refusal("wait until the other backup has ended"),
  "UMB-3106": refusal("connect with SYSBACKUP"),
  /** Rule 14. */
  "UMB-3107": refusal("use RMAN image copies, or snapshots of the ASM disks"),
  /** Rule 5. */
  "UMB-3108": refusal("restore or recover the file, or drop its tablespace"),
  /** Rules 31, 33, 56. */
  "UMB-3109": refusal("bring the file into an ordinary state"),
  /** Rule 104. */
  "UMB-3110": refusal("open the container, or use --mode database"),
  /** Rules 32, 101. */
  "UMB-3111": refusal("`umbra inventory` lists the tablespaces"),
  /** Rule 45. */
  "UMB-3112": refusal("give the database a local archive destination that works"),
  "UMB-3113": refusal("mount the backup storage and create the backup area"),
  "UMB-3114": refusal("let umbra's user write the backup area"),
  "UMB-3115": refusal("free or add space in the backup area"),
  /** Rule 61. */
  "UMB-3117": refusal("finish the recovery of the database first"),
  "UMB-3118": refusal("leave out one of the two options"),
  "UMB-3120": refusal("say in the configuration how the instance is stopped and started"),
  /** Rule 29. */
  "UMB-3121": refusal("wait for the end of the long transactions"),
  /** Rule 29. */
  "UMB-3122": refusal("use a mode with less downtime, or allow more of it"),
  /** Rule 17. */
  "UMB-3123": refusal("open the database read write, so that it is recovered"),
  "UMB-3124": refusal("use --mode pre-copy"),
  /** Rule 26. */
  "UMB-3125": refusal("back up the primary or a physical standby"),
  /** Rule 21. */
  "UMB-3126": refusal("stop and start the database with srvctl"),
  "UMB-3127": refusal("let umbra's user read the files of the database"),
  /** Rule 1. */
  "UMB-3128": refusal("correct `instance:`, `host:` or the connect string: they must name one database"),
  /** Rule 79. */
  "UMB-3131": refusal("make a full copy of the datafile: `umbra baseline --datafile`"),
  /** Rule 79. */
  "UMB-3132": refusal("make the first copies: `umbra baseline`"),
  "UMB-3133": refusal("give umbra a backup area of its own"),
  /** Rules 2, 121. */
  "UMB-3134": refusal(
    "check the connect string; after an OPEN RESETLOGS make new copies with `umbra baseline`",
  ),
  "UMB-3135": refusal("install umbra on the database's host, or use engine rman"),
  "UMB-3136": refusal("`umbra inventory` lists the datafiles"),
  "UMB-3137": refusal("bring the copies forward: `umbra backup refresh`"),
  "UMB-3138": refusal("name ORACLE_HOME and SID, or use engine blocks"),
  "UMB-3139": refusal("choose another backup area, or use engine blocks"),
  "UMB-3140": refusal("remove by hand what is in the live area"),
  "UMB-3141": refusal("start the instance from a server parameter file, or add the line by hand"),
  "UMB-3142": refusal("configure a backup area whose path needs no quotes"),
  /** Rule 92. */
  "UMB-3143": refusal("free one of the archive destinations"),
  "UMB-3144": refusal("set the destination up on the primary or on a physical standby"),
  /** Rule 91. */
  "UMB-3145": refusal("lower LOG_ARCHIVE_MIN_SUCCEED_DEST, or give the database another local destination"),
  "UMB-3146": refusal("give the database another local archive destination first"),
  "UMB-3147": refusal("run `umbra logs setup` first"),
  "UMB-3151": refusal("configure the storage of the datafiles with `snapshots:`, or use `umbra backup hot`"),
  "UMB-3152": refusal("configure the storage of the datafiles with `snapshots:`, or use `umbra backup hot`"),
  /** Rule 67. */
  "UMB-3153": refusal("leave --snapshot-time out"),
  /** Rule 66. */
  "UMB-3154": refusal("leave --snapshot-time out"),
  /** Rule 72. */
  "UMB-3155": refusal("leave --suspend or --snapshot-time out"),
  "UMB-3161": refusal("write into the configuration what shall stay"),
  "UMB-3162": refusal("look at the present plan with `umbra retention plan`"),
  "UMB-3163": refusal("release the hold, or wait for the end of what uses it"),
  "UMB-3164": refusal("make another backup first"),
  "UMB-3165": refusal("`umbra list` shows what can be named"),
  "UMB-3166": refusal("refresh the copies first"),
  "UMB-3167": refusal(
    "nothing was removed; report it with the output of `umbra logs prune --plan --output json`",
  ),
  "UMB-3168": refusal("look at the present plan with `umbra logs prune --plan`"),
} as const;

function refusal(hint: string) {
  return entry<Seen>(exitClass.refused, (c) => c.seen, hint);
}

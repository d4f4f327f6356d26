import { fixedView, type View, type ViewRow, type ViewWorld } from "../dictionary/view.ts";

/** Process ids are made up: only MRP0 means something here. */
const MRP_PID = "4711";
const ARCHIVER_PID = "4700";

function apply(world: ViewWorld) {
  return world.core.instance.standbyApply;
}

const managedStandby = fixedView(
  "V$MANAGED_STANDBY",
  "MOUNT",
  `PROCESS v9;PID v24;STATUS v12;CLIENT_PROCESS v8;CLIENT_PID v40;CLIENT_DBID v40;GROUP# v40;RESETLOG_ID n;THREAD# n;SEQUENCE# n;BLOCK# n;BLOCKS n;DELAY_MINS n
   KNOWN_AGENTS n;ACTIVE_AGENTS n;CON_ID n`,
  (world) => {
    const mrp = apply(world);
    const archiver: ViewRow = {
      PROCESS: "ARCH",
      PID: ARCHIVER_PID,
      STATUS: "CONNECTED",
      CLIENT_PROCESS: "ARCH",
      "GROUP#": "N/A",
      ...position(0),
    };
    if (mrp === undefined) return [archiver];
    const { status, sequence } = mrp;
    return [
      archiver,
      {
        PROCESS: "MRP0",
        PID: MRP_PID,
        STATUS: status,
        CLIENT_PROCESS: "N/A",
        "GROUP#": "N/A",
        ...position(sequence),
      },
    ];
  },
);

function position(sequence: number): ViewRow {
  return {
    "THREAD#": sequence === 0 ? 0 : 1,
    "SEQUENCE#": sequence,
    "BLOCK#": 0,
    BLOCKS: 0,
    DELAY_MINS: 0,
    CON_ID: 0,
  };
}

const processes = fixedView(
  "V$DATAGUARD_PROCESS",
  "MOUNT",
  "NAME v5;PID v24;TYPE v16;ROLE v24;ACTION v12;CLIENT_PID n;CLIENT_ROLE v16;GROUP# n;RESETLOG_ID n;THREAD# n;SEQUENCE# n;BLOCK# n;BLOCK_COUNT n;DELAY_MINS n;CON_ID n",
  (world) => {
    const mrp = apply(world);
    const archiver: ViewRow = {
      NAME: "ARC0",
      PID: ARCHIVER_PID,
      TYPE: "KSB",
      ROLE: "archive local",
      ACTION: "IDLE",
      ...sequenceOf(0),
    };
    if (mrp === undefined) return [archiver];
    const { status, sequence } = mrp;
    return [
      archiver,
      {
        NAME: "MRP0",
        PID: MRP_PID,
        TYPE: "KSB",
        ROLE: "managed recovery",
        ACTION: status,
        ...sequenceOf(sequence),
      },
    ];
  },
);

function sequenceOf(sequence: number): ViewRow {
  return {
    "GROUP#": 0,
    "THREAD#": sequence === 0 ? 0 : 1,
    "SEQUENCE#": sequence,
    "BLOCK#": 0,
    BLOCK_COUNT: 0,
    DELAY_MINS: 0,
    CON_ID: 0,
  };
}

const UNIT = "day(2) to second(0) interval";

const statistics = fixedView(
  "V$DATAGUARD_STATS",
  "MOUNT",
  "SOURCE_DBID n;SOURCE_DB_UNIQUE_NAME v32;NAME v32;VALUE v64;UNIT v30;TIME_COMPUTED v30;DATUM_TIME v30;CON_ID n",
  (world) => {
    const { instance } = world.core;
    if (instance.controlFile?.type !== "STANDBY") return [];
    const at = instance.now().toISOString();
    const computed = `${at.slice(5, 7)}/${at.slice(8, 10)}/${at.slice(0, 4)} ${at.slice(11, 19)}`;
    const row = (name: string, value: string): ViewRow => ({
      SOURCE_DBID: instance.controlFile?.dbid,
      NAME: name,
      VALUE: value,
      UNIT,
      TIME_COMPUTED: computed,
      DATUM_TIME: computed,
      CON_ID: 0,
    });
    return [
      row("transport lag", interval(0)),
      row("apply lag", interval(instance.applyLagSeconds)),
      row("apply finish time", interval(0)),
    ];
  },
);

/** +DD HH:MI:SS */
function interval(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  return `+${two(seconds / 86_400)} ${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const standbyViews: readonly View[] = [managedStandby, processes, statistics];

import { acceptance } from "./acceptance.ts";

acceptance("23ai");

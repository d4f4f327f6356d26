import { acceptance } from "./acceptance.ts";

acceptance("19c");

import { acceptance } from "./acceptance.ts";

acceptance("12.2");

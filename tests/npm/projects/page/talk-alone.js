import { Client } from "./browser.js";
import { report, servers } from "./report.js";
import { talk } from "./talk.js";

report(talk(Client, { json: servers.json }));

/** Starts the console. */

import { startLanguage } from "./core/language";
import "./app";

void startLanguage();

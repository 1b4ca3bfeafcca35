// Every test of this folder in one process, so that they share a browser and the sites (lib/shared.mjs).
import './lib/watchdog.mjs';
import './access.test.mjs';
import './connection.test.mjs';
import './fleet.test.mjs';
import './generation_2.test.mjs';
import './hipki.test.mjs';
import './lasting.test.mjs';
import './login.test.mjs';
import './nhi_form.test.mjs';
import './nhi_sign_in.test.mjs';
import './nhiicc.test.mjs';
import './nhiicc_api.test.mjs';
import './nhiicc_popup.test.mjs';
import './page_simulator.test.mjs';
import './states.test.mjs';

/** Entry of an engine worker: one engine, one session, answering the page's requests. */
import init, { Session, setPanicReporter } from '#engine';

import { failure } from '../error.js';
import { attempts } from '../leak.js';
import type { Requests } from '../protocol.js';
import type { FilePlan } from '../types.js';
import type { Host, Session as SessionBinding } from './binding.js';
import { Containers } from './containers.js';
import { inspect, readTables, rejectedRows, tablesOf } from './loading.js';
import { type Call, type PortLike, serve } from './serve.js';
import { type AdapterLike, requestSubgroups } from './subgroups.js';

interface Running {
  session: SessionBinding;
  containers: Containers;
}

let running: Running | null = null;
/** How the present log was read, for a second pass. */
let plans: FilePlan[] = [];

function engine(): Running {
  if (!running) throw failure('state', 'the engine was not started');
  return running;
}

function hostOf(call: Call): Host {
  return {
    progress: (progress) => call.progress(progress),
    checkpoint: (bytes) => call.checkpoint(bytes),
    isCancelled: () => call.isCancelled,
    seconds: () => performance.now() / 1000,
    pause: () => call.pause(),
  };
}

const crash = serve<Requests>(globalThis as unknown as PortLike, {
  start: async ({ module, reader }) => {
    requestSubgroups((globalThis as { GPUAdapter?: { prototype: AdapterLike } }).GPUAdapter);
    await init({ module_or_path: module });
    setPanicReporter((message) => crash(message));
    running = { session: new Session(), containers: new Containers(reader) };
    return null;
  },

  inspect: ({ files, changed }, call) => {
    const { session, containers } = engine();
    return inspect(session, containers, files, changed, call);
  },
  load: async ({ files, plans: given, cleaning }, call) => {
    const { session, containers } = engine();
    const tables = await tablesOf(session, containers, files, given, call);
    await readTables(session, tables, call);
    const report = await session.finishLoad(cleaning, hostOf(call));
    plans = tables.map(({ plan }) => plan);
    return report;
  },
  loadSample: async ({ sample }, call) => {
    const report = await engine().session.loadSample(sample, hostOf(call));
    plans = [];
    return report;
  },
  update: async ({ files, plans: given, cleaning, learn }, call) => {
    const { session, containers } = engine();
    await readTables(session, await tablesOf(session, containers, files, given, call), call);
    const report = await session.finishUpdate(cleaning, learn, hostOf(call));
    plans = [];
    return report;
  },
  clean: ({ cleaning }, call) => engine().session.clean(cleaning, hostOf(call)),
  tryToLeak: ({ address }) => attempts('worker', new URL(address)),
  cleaningDefaults: () => engine().session.cleaningDefaults(),
  rejectedRows: async ({ files }, call) => {
    const { session, containers } = engine();
    const tables = plans.length > 0 ? await tablesOf(session, containers, files, plans, call) : [];
    return rejectedRows(session, tables, call);
  },

  evolution: ({ scope, options }) => engine().session.evolution(scope, options),
  transfer: ({ scope, options, between, top }) => engine().session.transfer(scope, options, between, top),
  drift: ({ scope, options }) => engine().session.drift(scope, options),
  users: ({ text, offset, limit }) => engine().session.users(text, offset, limit),
  userEvents: ({ user }) => engine().session.userEvents(user),
  nearestUsers: ({ user, options, limit }) => engine().session.nearestUsers(user, options, limit),

  segments: ({ options }, call) => engine().session.segments(options, hostOf(call)),

  migration: ({ scope, options }, call) => engine().session.migration(scope, options, hostOf(call)),
  anomalies: ({ top }, call) => engine().session.anomalies(top, hostOf(call)),
  prospects: ({ window }, call) => engine().session.prospects(window, hostOf(call)),

  estimate: ({ train }) => engine().session.estimate(train),
  measure: ({ train }, call) => engine().session.measure(train, hostOf(call)),
  train: ({ train, resume }, call) => engine().session.train(train, resume, hostOf(call)),
  forecast: ({ scope, model }, call) => engine().session.forecast(scope, model, hostOf(call)),
  useBaseModel: ({ window }, call) => engine().session.useBaseModel(window, hostOf(call)),
  training: () => engine().session.training() ?? null,
  adoptTraining: ({ bytes }) => engine().session.adoptTraining(bytes),
  trainNextItems: ({ train }, call) => engine().session.trainNextItems(train, hostOf(call)),
  nextItems: ({ user, top, model }, call) => engine().session.nextItems(user, top, model, hostOf(call)),
  explain: ({ user, domain, model }, call) => engine().session.explain(user, domain ?? undefined, model, hostOf(call)),
  explainItem: ({ user, item, model }, call) => engine().session.explainItem(user, item, model, hostOf(call)),
  pseudonymise: ({ key }) => engine().session.pseudonymise(key ?? undefined),
  anonymousEvolution: ({ scope, options, k, totals }) => engine().session.anonymousEvolution(scope, options, k, totals),
  setPrivacyBudget: ({ budget }) => engine().session.setPrivacyBudget(budget),
  privacyAccount: () => engine().session.privacyAccount(),
  privateEvolution: ({ scope, options, release }) => engine().session.privateEvolution(scope, options, release),
  privacyLedger: () => engine().session.privacyLedger(),
  adoptPrivacyLedger: ({ bytes }) => {
    engine().session.adoptPrivacyLedger(bytes);
    return null;
  },
  nextItemTraining: () => engine().session.nextItemTraining() ?? null,
  adoptNextItemTraining: ({ bytes }) => {
    engine().session.adoptNextItemTraining(bytes);
    return null;
  },
  snapshot: () => engine().session.snapshot(),
  restore: ({ bytes }) => {
    const report = engine().session.restore(bytes);
    plans = [];
    return report;
  },
});

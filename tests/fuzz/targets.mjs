/**
 * What takes bytes from outside in the engine, each with inputs to start from. The same readers are fuzzed natively in
 * crate/tests/fuzz, far faster; here they run as WebAssembly, where sizes have 32 bits, and through the binding.
 */
import { gzipSync } from 'node:zlib';
import { files, json, parsed } from './corpus.mjs';
import { HOST } from './engine.mjs';
import { documentOf, withChecksum, withDocument } from './model-file.mjs';

const EVERYONE = { kind: 'everyone' };
const WINDOW = { length: 'day', timeZone: 'UTC' };
const INTEREST = { window: WINDOW, halfLife: 2, weighKinds: true };
const TRAIN = { window: WINDOW, models: ['dnn', 'markov', 'cf-closed'], seed: 1, epochs: 1, engine: 'cpu' };
const NEXT_ITEM = { models: ['popularity', 'markov', 'cf-item'], seed: 1 };

/** Looks at a file, reads it by what was found, and draws it: all that the page does before anything is trained. */
async function read(session, bytes) {
  const { plan } = session.inspect('log', 'none', bytes, true, null);
  session.beginLoad();
  session.beginFile(plan);
  for (let at = 0; at < bytes.length; at += 61) session.push(bytes.subarray(at, at + 61));
  session.endFile();
  await session.finishLoad({}, HOST);
  session.evolution(EVERYONE, INTEREST);
  session.transfer(EVERYONE, INTEREST, null, 20);
}

/** A session that has learned on a small sample, and what it leaves behind. */
async function learnt(Session) {
  const session = new Session();
  await session.loadSample({ users: 40, days: 30, seed: 1 }, HOST);
  const checkpoints = [];
  await session.train(TRAIN, null, { ...HOST, checkpoint: (bytes) => void checkpoints.push(bytes) });
  await session.trainNextItems(NEXT_ITEM, HOST);
  return {
    session,
    models: session.training(),
    nextItems: session.nextItemTraining(),
    project: session.snapshot(),
    checkpoint: checkpoints.at(-1),
  };
}

/** With a session of its own, which is freed whatever happens. */
const alone = (Session, use) => async (bytes) => {
  const session = new Session();
  try {
    await use(session, bytes);
  } finally {
    session.free();
  }
};

/** By name: `seeds`, and `read`, which may refuse its input but nothing worse. */
export async function targets(Session) {
  const before = await learnt(Session);
  const plan = before.session.inspect('log.csv', 'none', files('text')[0], true, null).plan;
  const reading = alone(Session, read);
  const adopted = async (file) => {
    before.session.adoptTraining(file);
    await before.session.forecast({ kind: 'user', user: 1 }, null, HOST);
  };
  const adoptedNextItem = async (file) => {
    before.session.adoptNextItemTraining(file);
    await before.session.nextItems(1, 5, null, HOST);
  };
  return {
    text: { seeds: files('text'), read: reading },
    'json-lines': { seeds: files('lines'), read: reading },
    gzip: { seeds: files('text').map((bytes) => new Uint8Array(gzipSync(bytes))), read: reading },
    project: {
      seeds: [before.project],
      read: alone(Session, (session, bytes) => {
        session.restore(bytes);
        session.evolution(EVERYONE, INTEREST);
        session.transfer(EVERYONE, INTEREST, null, 20);
        session.users('', 0, 5);
      }),
    },
    models: { seeds: [before.models], read: (bytes) => adopted(withChecksum(bytes)) },
    'model-documents': {
      seeds: [documentOf(before.models)],
      read: (document) => adopted(withDocument(before.models, document)),
    },
    'models-next-item': { seeds: [before.nextItems], read: (bytes) => adoptedNextItem(withChecksum(bytes)) },
    'model-documents-next-item': {
      seeds: [documentOf(before.nextItems)],
      read: (document) => adoptedNextItem(withDocument(before.nextItems, document)),
    },
    // Without a log the run ends right after its state was read.
    checkpoint: {
      seeds: [before.checkpoint],
      read: alone(Session, (session, bytes) => session.train(TRAIN, withChecksum(bytes), HOST)),
    },
    // Arguments as a damaged message would bring them.
    arguments: {
      seeds: [
        plan,
        TRAIN,
        INTEREST,
        EVERYONE,
        { timeRange: [0, 1], rules: { bot_rate: false }, kindWeights: { view: 1 } },
      ].map(json),
      read: alone(Session, async (session, bytes) => {
        const value = parsed(bytes);
        const calls = [
          () => session.beginFile(value),
          () => session.inspect('log', 'none', files('text')[0], true, value),
          () => before.session.estimate(value),
          () => before.session.evolution(EVERYONE, value),
          () => before.session.drift(value, INTEREST),
        ];
        session.beginLoad();
        const refusals = calls.flatMap((call) => {
          try {
            call();
            return [];
          } catch (thrown) {
            return [thrown];
          }
        });
        for (const thrown of refusals) if (typeof thrown?.code !== 'string') throw thrown;
      }),
    },
  };
}

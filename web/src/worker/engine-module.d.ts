/** Stands for `dist/<engine>/driftscope_web.js`, which the build binds. */
declare module '#engine' {
  type EngineModule = import('./binding.js').EngineModule;

  const init: EngineModule['default'];
  export default init;
  export const setPanicReporter: EngineModule['setPanicReporter'];
  export const Session: EngineModule['Session'];
}

//! What becomes of a panic: the page is told before the trap ends the engine.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

thread_local! {
    static REPORTER: RefCell<Option<js_sys::Function>> = const { RefCell::new(None) };
}

/// Calls `report` with the message of a panic. The engine is unusable afterwards: `panic = "abort"` traps, and a promise
/// that was under way never settles, which is why this does not rely on anyone catching the trap.
#[wasm_bindgen(js_name = setPanicReporter)]
pub fn set_panic_reporter(report: js_sys::Function) {
    REPORTER.with_borrow_mut(|slot| *slot = Some(report));
    std::panic::set_hook(Box::new(|info| {
        let message = info.to_string();
        web_sys::console::error_1(&message.as_str().into());
        REPORTER.with(|slot| {
            if let Ok(Some(report)) = slot.try_borrow().as_deref() {
                // A reporter that throws leaves nothing else to be done.
                let _ = report.call1(&JsValue::NULL, &message.into());
            }
        });
    }));
}

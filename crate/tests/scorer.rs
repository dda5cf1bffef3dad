//! `evaluate --json` against the protocols' own scorer: the same prediction file, the same numbers.

#![expect(clippy::unwrap_used, reason = "the helpers of a test fail it so")]

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// The folder of the data sets, beside the folder of the protocols.
fn root() -> PathBuf {
    std::env::var_os("DRIFTSCOPE_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from)
}

/// A Python with what the scorer needs: that of `DRIFTSCOPE_PYTHON`, or `python3`.
fn python() -> Option<String> {
    let python = std::env::var("DRIFTSCOPE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let asked = Command::new(&python).args(["-c", "import numpy, pandas"]).output();
    asked.is_ok_and(|output| output.status.success()).then_some(python)
}

fn json(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every number that the scorer prints must be printed here, too, and be the same. The bounds of an interval come from
/// another generator of random numbers: they may differ by a fraction of its width.
fn agree(scorer: &Value, own: &Value, path: &str) {
    match scorer {
        Value::Object(fields) => {
            for (key, value) in fields.iter().filter(|(key, _)| *key != "seed" && *key != "baseline") {
                agree(value, &own[key], &format!("{path}.{key}"));
            }
        }
        Value::Number(_) => {
            let (expected, got) = (scorer.as_f64().unwrap(), own.as_f64().unwrap_or(f64::NAN));
            let random = [".lo95", ".hi95", ".share_of_resamples_above_0"].iter().any(|end| path.ends_with(end));
            let most = if path.ends_with("above_0") {
                0.03
            } else if random {
                0.002
            } else {
                1e-9
            };
            assert!((expected - got).abs() <= most, "{path}: {expected} {got}");
        }
        other => assert_eq!(other, own, "{path}"),
    }
}

fn compare(task: &str, set: &str, model: &str, baseline: &str) {
    let (data, scorer) = (root().join(set), root().join("../protocol/score.py"));
    let Some(python) = python().filter(|_| data.is_dir() && scorer.is_file()) else {
        println!("skipped: {set} or a Python with numpy and pandas is missing");
        return;
    };
    let folder = std::env::temp_dir().join(format!("driftscope-scorer-{set}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = |name: &str| folder.join(format!("{name}.csv.gz"));
    let evaluate = |model: &str, more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_evaluate"));
        command.args([task, set, "--quiet", "--json", "--model", model, "--data"]).arg(&data);
        json(command.arg("--out").arg(file(model)).args(more))
    };
    evaluate(baseline, &[]);
    let own = evaluate(model, &["--baseline", baseline]);
    let mut command = Command::new(python);
    command.arg(scorer).args([task, set]).arg(file(model)).arg("--data").arg(&data);
    agree(&json(command.arg("--baseline").arg(file(baseline))), &own, set);
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn interest_scores_are_the_scorers() {
    compare("interest", "taobao_userbehavior", "decay_prior", "persistent");
}

#[test]
fn next_item_scores_are_the_scorers() {
    compare("nextitem", "lastfm_hetrec", "markov", "popularity");
}

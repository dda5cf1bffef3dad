//! Shows how a run goes on.

use cpu_time::ProcessTime;
use driftscope::training::{Observer, Silent, TrainingProgress};

/// Prints the end of each epoch to stderr.
pub struct Watch {
    /// Prints nothing.
    pub quiet: bool,
}

impl Observer for Watch {
    fn progress(&mut self, progress: TrainingProgress) {
        let Some(point) = progress.point.filter(|_| !self.quiet) else { return };
        if let Some(ndcg) = point.validation_ndcg10 {
            let (epoch, loss) = (point.epoch + 1, point.loss);
            eprintln!(
                "epoch {epoch}, step {}/{}: loss {loss:.5}, validation NDCG@10 {ndcg:.4}",
                point.step, progress.total
            );
        }
    }

    fn cancelled(&mut self) -> bool {
        false
    }

    fn seconds(&mut self) -> f64 {
        Silent.seconds()
    }

    async fn pause(&mut self) {}
}

/// Another observer, by the clock of the time that processors have spent on this process.
pub struct ProcessorTime<O>(pub O);

impl<O: Observer> Observer for ProcessorTime<O> {
    fn progress(&mut self, progress: TrainingProgress) {
        self.0.progress(progress);
    }

    fn cancelled(&mut self) -> bool {
        self.0.cancelled()
    }

    fn seconds(&mut self) -> f64 {
        ProcessTime::now().as_duration().as_secs_f64()
    }

    async fn pause(&mut self) {
        self.0.pause().await;
    }
}

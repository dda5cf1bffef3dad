//! What the models are called, here, on the page and on the command line.

use serde::{Deserialize, Serialize};

/// A model's name. Not every model answers every question: see docs/MODELS.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ModelName {
    /// What everyone touches.
    #[serde(rename = "popularity")]
    Popularity,
    /// The shares of the user's last active window.
    #[serde(rename = "persistent")]
    Persistent,
    /// Mean of the shares of the user's last active windows.
    #[serde(rename = "moving_average")]
    MovingAverage,
    /// The shares of all of the user's past.
    #[serde(rename = "user_frequency")]
    UserFrequency,
    /// Decayed counts with a popularity prior.
    #[serde(rename = "decay_prior")]
    DecayPrior,
    /// First-order transitions from what came last.
    #[serde(rename = "markov")]
    Markov,
    /// The pair-scoring network.
    #[serde(rename = "dnn")]
    Dnn,
    /// Graph convolution.
    #[serde(rename = "gnn")]
    Gnn,
    /// The network fused with the pre-trained graph convolution.
    #[serde(rename = "dnn+gnn")]
    DnnGnn,
    /// Causal self-attention over the last events.
    #[serde(rename = "sequence")]
    Sequence,
    /// Nearest users by cosine.
    #[serde(rename = "cf-user-cosine")]
    CfUserCosine,
    /// Nearest users by Pearson's correlation.
    #[serde(rename = "cf-user-pearson")]
    CfUserPearson,
    /// Nearest items.
    #[serde(rename = "cf-item")]
    CfItem,
    /// Ridge regression from past to future.
    #[serde(rename = "cf-closed")]
    CfClosed,
    /// A weighted sum of several models.
    #[serde(rename = "blend")]
    Blend,
    /// The shipped pair network, which nothing on this log was trained for.
    #[serde(rename = "base")]
    Base,
}

impl ModelName {
    /// All of them.
    pub const ALL: [ModelName; 16] = [
        ModelName::Popularity,
        ModelName::Persistent,
        ModelName::MovingAverage,
        ModelName::UserFrequency,
        ModelName::DecayPrior,
        ModelName::Markov,
        ModelName::Dnn,
        ModelName::Gnn,
        ModelName::DnnGnn,
        ModelName::Sequence,
        ModelName::CfUserCosine,
        ModelName::CfUserPearson,
        ModelName::CfItem,
        ModelName::CfClosed,
        ModelName::Blend,
        ModelName::Base,
    ];

    /// The simple rules that always run beside the others when interests are forecast.
    pub const BASELINES: [ModelName; 3] = [ModelName::Persistent, ModelName::MovingAverage, ModelName::DecayPrior];

    /// The name as it is written.
    pub fn name(self) -> &'static str {
        match self {
            ModelName::Popularity => "popularity",
            ModelName::Persistent => "persistent",
            ModelName::MovingAverage => "moving_average",
            ModelName::UserFrequency => "user_frequency",
            ModelName::DecayPrior => "decay_prior",
            ModelName::Markov => "markov",
            ModelName::Dnn => "dnn",
            ModelName::Gnn => "gnn",
            ModelName::DnnGnn => "dnn+gnn",
            ModelName::Sequence => "sequence",
            ModelName::CfUserCosine => "cf-user-cosine",
            ModelName::CfUserPearson => "cf-user-pearson",
            ModelName::CfItem => "cf-item",
            ModelName::CfClosed => "cf-closed",
            ModelName::Blend => "blend",
            ModelName::Base => "base",
        }
    }

    /// The model called `name`.
    pub fn from_name(name: &str) -> Option<ModelName> {
        Self::ALL.into_iter().find(|model| model.name() == name)
    }

    /// Whether it is one of the simple rules that others have to beat.
    pub fn is_baseline(self) -> bool {
        matches!(
            self,
            ModelName::Popularity
                | ModelName::Persistent
                | ModelName::MovingAverage
                | ModelName::UserFrequency
                | ModelName::DecayPrior
                | ModelName::Markov
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_as_it_is_written_everywhere() {
        for model in ModelName::ALL {
            assert_eq!(serde_json::to_value(model).unwrap(), model.name());
            assert_eq!(ModelName::from_name(model.name()), Some(model));
        }
        assert_eq!(ModelName::from_name("none"), None);
    }
}

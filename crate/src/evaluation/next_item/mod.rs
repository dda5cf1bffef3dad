//! Protocol LLO: fits a next-item model by name, ranks all items for each user, and measures where the target stands.
//!
//! In: [`Sequences`](crate::training::next_item::Sequences) and their
//! [`Catalogue`](crate::training::next_item::Catalogue). Out: [`NextItemScored`].

mod choose;
mod metrics;
mod model;
mod outlook;
mod run;
mod train;

pub use metrics::{NextItemMetrics, NextItemOutcome, next_item_bootstrap, next_item_metrics};
pub use model::{FitNextItem, NextItemModel};
pub use outlook::ItemOutlook;
pub use run::{NextItemRun, NextItemScored, evaluate_next_item, rank_next_items};
pub use train::{
    NEXT_ITEM_BASELINES, NextItem, NextItemModelReport, NextItemModels, NextItemOptions, NextItemReport, NextItems,
    next_items, train_next_items,
};

#[cfg(test)]
mod tests;

//! Kinds of event and how much they say about an interest.

use serde::{Deserialize, Serialize};

use super::Dictionary;

/// The kinds that the presets map their own words to. A log may hold other kinds, under their own name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum EventKind {
    View,
    Search,
    Favourite,
    Cart,
    Purchase,
    Rating,
}

impl EventKind {
    /// All kinds, weakest signal first.
    pub const ALL: [EventKind; 6] = [
        EventKind::View,
        EventKind::Search,
        EventKind::Favourite,
        EventKind::Cart,
        EventKind::Purchase,
        EventKind::Rating,
    ];

    /// The kind's name in a log.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::View => "view",
            EventKind::Search => "search",
            EventKind::Favourite => "favourite",
            EventKind::Cart => "cart",
            EventKind::Purchase => "purchase",
            EventKind::Rating => "rating",
        }
    }

    /// Default weight of one event of this kind in an interest profile. A weight says how many views an event counts
    /// for; people change it where their shop differs.
    pub fn default_weight(self) -> f32 {
        match self {
            EventKind::View | EventKind::Search => 1.0,
            EventKind::Favourite | EventKind::Cart => 2.0,
            EventKind::Purchase | EventKind::Rating => 3.0,
        }
    }

    /// The kind that a word of a log means (`pv`, `addtocart`, `transaction`, …), case-insensitive.
    pub fn from_word(word: &str) -> Option<EventKind> {
        let word = word.trim().to_ascii_lowercase();
        Some(match word.as_str() {
            "view" | "pv" | "click" | "view_item" | "page_view" | "view_item_list" | "select_item" | "browse"
            | "impression" => EventKind::View,
            "search" | "view_search_results" | "query" => EventKind::Search,
            "favourite" | "favorite" | "fav" | "like" | "add_to_wishlist" | "wishlist" | "collect" => {
                EventKind::Favourite
            }
            "cart" | "addtocart" | "add_to_cart" | "add-to-cart" | "basket" | "begin_checkout" => EventKind::Cart,
            "purchase" | "buy" | "transaction" | "order" | "sale" => EventKind::Purchase,
            "rating" | "rate" | "review" => EventKind::Rating,
            _ => return None,
        })
    }
}

/// The kinds of one log, by id (the order in which they first appear), with their weights.
#[derive(Debug, Clone, Default)]
pub struct KindTable {
    pub(super) names: Dictionary,
    pub(super) weights: Vec<f32>,
}

impl KindTable {
    /// Id of the kind called `name`; a new one gets the default weight of what the word means, else 1. `None` when 256
    /// kinds are taken already (an id is one byte).
    pub fn intern(&mut self, name: &str) -> Option<u8> {
        if let Some(id) = self.names.get(name) {
            return u8::try_from(id).ok();
        }
        let id = u8::try_from(self.names.len()).ok()?;
        self.names.intern(name);
        self.weights.push(EventKind::from_word(name).map_or(1.0, EventKind::default_weight));
        Some(id)
    }

    /// Name of a kind.
    pub fn name(&self, id: u8) -> &str {
        self.names.name(u32::from(id))
    }

    /// Weight of one event of this kind; 1 for an id that was never given out.
    pub fn weight(&self, id: u8) -> f32 {
        self.weights.get(usize::from(id)).copied().unwrap_or(1.0)
    }

    /// Sets the weight of a kind. An unknown name is left alone.
    pub fn set_weight(&mut self, name: &str, weight: f32) {
        if let Some(slot) = self.names.get(name).and_then(|id| self.weights.get_mut(id as usize)) {
            *slot = weight;
        }
    }

    /// Number of kinds.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no kinds.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Names and weights by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f32)> {
        self.names.iter().zip(self.weights.iter().copied())
    }
}

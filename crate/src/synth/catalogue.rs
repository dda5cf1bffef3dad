//! The shop: its domains, items and how popular a domain is at a time.

/// How a domain's popularity goes over the log's span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Fashion {
    Steady,
    Rising,
    Falling,
    /// A season around this part of the span.
    Season(f64),
}

struct Domain {
    name: &'static str,
    fashion: Fashion,
    products: [&'static str; 6],
}

const fn domain(name: &'static str, fashion: Fashion, products: [&'static str; 6]) -> Domain {
    Domain { name, fashion, products }
}

use Fashion::{Falling, Rising, Season, Steady};

const DOMAINS: [Domain; 24] = [
    domain(
        "Running",
        Rising,
        ["running shoes", "running socks", "GPS watch", "hydration vest", "running shorts", "headlamp"],
    ),
    domain(
        "Camping",
        Season(0.6),
        ["two-person tent", "sleeping bag", "camp stove", "folding chair", "lantern", "cool box"],
    ),
    domain(
        "Baby care",
        Rising,
        ["nappies", "baby bottle", "pushchair", "baby monitor", "changing mat", "baby carrier"],
    ),
    domain(
        "Maternity",
        Falling,
        ["maternity jeans", "nursing pillow", "maternity dress", "belly oil", "nursing bra", "pregnancy journal"],
    ),
    domain("Toys", Steady, ["building blocks", "puzzle", "wooden train", "doll's house", "board game", "plush bear"]),
    domain("Cycling", Rising, ["road bike helmet", "bike light", "cycling jersey", "pannier", "bike pump", "saddle"]),
    domain("Yoga", Steady, ["yoga mat", "yoga block", "leggings", "meditation cushion", "yoga strap", "foam roller"]),
    domain("Home office", Falling, ["standing desk", "desk lamp", "office chair", "webcam", "monitor arm", "notebook"]),
    domain("Audio", Steady, ["headphones", "soundbar", "turntable", "earbuds", "portable speaker", "microphone"]),
    domain(
        "Gaming",
        Falling,
        ["controller", "gaming mouse", "mechanical keyboard", "gaming headset", "graphics card", "racing wheel"],
    ),
    domain("Photography", Steady, ["tripod", "camera bag", "prime lens", "memory card", "ring light", "photo album"]),
    domain(
        "Gardening",
        Season(0.75),
        ["raised bed", "secateurs", "seed set", "watering can", "gardening gloves", "compost bin"],
    ),
    domain("Kitchen", Steady, ["chef's knife", "cast-iron pan", "stand mixer", "chopping board", "saucepan", "scales"]),
    domain("Baking", Falling, ["cake tin", "piping set", "rolling pin", "bread basket", "muffin tray", "whisk"]),
    domain(
        "Coffee",
        Rising,
        ["espresso machine", "burr grinder", "pour-over set", "coffee beans", "milk frother", "travel mug"],
    ),
    domain("Skin care", Steady, ["face cream", "sunscreen", "serum", "cleanser", "face mask", "lip balm"]),
    domain(
        "Fragrance",
        Season(0.3),
        ["eau de parfum", "scented candle", "diffuser", "room spray", "body mist", "gift set"],
    ),
    domain(
        "Outdoor clothing",
        Falling,
        ["rain jacket", "hiking boots", "fleece", "thermal shirt", "walking trousers", "beanie"],
    ),
    domain("Dog supplies", Rising, ["dog lead", "dog bed", "chew toy", "dog food", "feeding bowl", "dog coat"]),
    domain("Books", Steady, ["crime novel", "cookery book", "travel guide", "biography", "poetry volume", "atlas"]),
    domain(
        "Winter sports",
        Falling,
        ["ski goggles", "snowboard", "ski gloves", "base layer", "ski helmet", "hand warmer"],
    ),
    domain("Swimming", Season(0.85), ["swimming goggles", "swimsuit", "swim cap", "kickboard", "towel", "pool float"]),
    domain("Home decor", Steady, ["picture frame", "throw pillow", "vase", "rug", "wall clock", "table lamp"]),
    domain(
        "Smart home",
        Rising,
        ["smart bulb", "video doorbell", "thermostat", "smart plug", "robot vacuum", "motion sensor"],
    ),
];

const STYLES: [&str; 16] = [
    "Classic", "Light", "Compact", "Premium", "Everyday", "Nordic", "Blue", "Green", "Organic", "Foldable", "Pro",
    "Mini", "Soft", "Urban", "Vintage", "Eco",
];

/// Ways that interests of a life go: each from the first domain to the second to the third.
const JOURNEYS: [[u32; 3]; 10] = [
    [3, 2, 4],
    [20, 17, 1],
    [9, 8, 14],
    [7, 23, 22],
    [17, 0, 5],
    [13, 12, 14],
    [6, 0, 21],
    [9, 10, 18],
    [16, 15, 6],
    [22, 11, 12],
];

/// Domains and items by number: item `d * items_per_domain + rank` is the `rank`-th most popular of domain `d`.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue {
    items_per_domain: u32,
}

impl Catalogue {
    pub(super) fn new(items_per_domain: u32) -> Self {
        Catalogue { items_per_domain }
    }

    /// Number of domains.
    pub fn domains(&self) -> u32 {
        DOMAINS.len() as u32
    }

    /// Number of items.
    pub fn items(&self) -> u32 {
        self.domains() * self.items_per_domain
    }

    /// Name of a domain of the catalogue.
    pub fn domain_name(&self, domain: u32) -> &'static str {
        DOMAINS.get(domain as usize).map_or("", |domain| domain.name)
    }

    /// Domain of an item.
    pub fn domain_of(&self, item: u32) -> u32 {
        item / self.items_per_domain
    }

    /// Id of an item as a log would have it.
    pub fn item_name(&self, item: u32) -> String {
        format!("sku{item:06}")
    }

    /// Readable title of an item.
    pub fn title(&self, item: u32) -> String {
        let Some(domain) = DOMAINS.get(self.domain_of(item) as usize) else { return String::new() };
        let rank = (item % self.items_per_domain) as usize;
        let product = domain.products[rank % domain.products.len()];
        let series = rank / domain.products.len();
        let style = STYLES[series % STYLES.len()];
        match series / STYLES.len() {
            0 => format!("{style} {product}"),
            edition => format!("{style} {product} No. {}", edition + 1),
        }
    }

    pub(super) fn item(&self, domain: u32, rank: u32) -> u32 {
        domain * self.items_per_domain + rank.min(self.items_per_domain - 1)
    }

    /// Popularity of a domain when part `at` (0..1) of the span is over; at most [`MAX_POPULARITY`].
    pub(super) fn popularity(&self, domain: u32, at: f64) -> f64 {
        match DOMAINS.get(domain as usize).map(|domain| domain.fashion) {
            Some(Rising) => 0.4 + 1.6 * at,
            Some(Falling) => 2.0 - 1.6 * at,
            Some(Season(peak)) => 0.3 + 3.7 * (-((at - peak) / 0.09).powi(2)).exp(),
            Some(Steady) | None => 1.0,
        }
    }

    pub(super) fn journeys(&self) -> &'static [[u32; 3]] {
        &JOURNEYS
    }
}

/// See [`Catalogue::popularity`].
pub(super) const MAX_POPULARITY: f64 = 4.0;

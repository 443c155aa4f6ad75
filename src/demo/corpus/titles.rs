//! Titles, varied enough that no two works look like one.

use std::collections::{BTreeSet, HashMap};

use fastrand::Rng;

use super::prose::{Scene, Topic, capital, pick};
use super::vocabulary as words;
use crate::text::normalise;

/// Makes titles and remembers them, so that different works get clearly different ones.
#[derive(Default)]
pub struct Titles {
    /// How many words each title has that count.
    lengths: Vec<usize>,
    /// By word: the titles that have it.
    by_word: HashMap<String, Vec<usize>>,
}

/// Two titles that share more than this part of their words, in hundredths, are too alike.
const ALIKE: usize = 42;
const ATTEMPTS: usize = 400;

impl Titles {
    /// A title for a work of that kind. The scene is drawn again until the title is unlike all before it.
    pub fn draw(&mut self, rng: &mut Rng, topic: Topic, review: bool, scene: &mut Scene) -> String {
        let mut title = compose(rng, topic, review, scene);
        for _ in 0..ATTEMPTS {
            if !self.has_alike(&significant(&title)) {
                break;
            }
            let (nation, pandemic) = (scene.nation.is_some(), scene.pandemic);
            *scene = Scene::draw(rng, nation, pandemic);
            title = compose(rng, topic, review, scene);
        }
        let words = significant(&title);
        for word in &words {
            self.by_word.entry(word.clone()).or_default().push(self.lengths.len());
        }
        self.lengths.push(words.len());
        title
    }

    fn has_alike(&self, words: &BTreeSet<String>) -> bool {
        let mut shared = vec![0_usize; self.lengths.len()];
        for title in words.iter().filter_map(|word| self.by_word.get(word)).flatten() {
            shared[*title] += 1;
        }
        shared
            .iter()
            .zip(&self.lengths)
            .any(|(shared, length)| shared * 100 > ALIKE * (words.len() + length - shared).max(1))
    }
}

fn significant(title: &str) -> BTreeSet<String> {
    normalise::words(title).into_iter().filter(|word| word.len() > 3).collect()
}

fn compose(rng: &mut Rng, topic: Topic, review: bool, scene: &Scene) -> String {
    let pattern = match topic {
        Topic::Elsewhere => return elsewhere(rng, scene),
        Topic::Core if review => pick(rng, CORE_REVIEWS),
        Topic::Agencies if review => pick(rng, AGENCY_REVIEWS),
        Topic::Core => pick(rng, CORE),
        Topic::Agencies => pick(rng, AGENCIES),
        Topic::Apart => pick(rng, APART),
        Topic::Private => pick(rng, PRIVATE),
    };
    let mut title = pattern.to_owned();
    let slots = [
        ("{method}", pick(rng, if review { words::REVIEW_METHODS } else { words::METHODS })),
        ("{theme}", bare(scene.theme)),
        ("{people}", scene.people),
        ("{idea}", scene.idea),
        ("{idea2}", scene.second_idea),
        ("{town}", scene.place),
        ("{agency}", bare(pick(rng, words::AGENCIES))),
        ("{firm}", bare(pick(rng, words::FIRMS))),
    ];
    for (slot, value) in slots {
        title = title.replace(slot, value);
    }
    // What follows a question mark or opens the title takes a capital.
    let parts: Vec<String> = title.split("? ").map(capital).collect();
    parts.join("? ")
}

/// A noun phrase without its article.
fn bare(phrase: &'static str) -> &'static str {
    ["a ", "an ", "the "].iter().find_map(|article| phrase.strip_prefix(article)).unwrap_or(phrase)
}

fn elsewhere(rng: &mut Rng, scene: &Scene) -> String {
    let (thing, process) = (pick(rng, THINGS), pick(rng, PROCESSES));
    match rng.usize(..3) {
        0 => capital(&format!("{process} of {thing} near {}", scene.place)),
        1 => capital(&format!("{thing} from {}: {process} and resilience", scene.place)),
        _ => capital(&format!("{process} in {thing}, with notes on health and action potentials")),
    }
}

const CORE: &[&str] = &[
    "{idea} before {idea2}: {theme} and the making of partnership in {town}",
    "who holds {theme} together? {method} of councils, charities and {people}",
    "from {theme} to shared decisions: {idea} between council and community in {town}",
    "{people} and the slow work of {idea}: community action around {theme}",
    "what {theme} asked of a council: {method} in {town}",
    "{idea} on both sides of the counter: volunteers, {people} and public services",
    "sharing power over {theme}: {idea2} among {people} in {town}",
    "after the grant: {theme}, voluntary organisations and {idea} in {town}",
    "learning to follow: {method} of {theme} run with {people}",
    "mutual aid meets the town hall: {idea}, {idea2} and {theme}",
    "does {theme} last? {idea} in partnerships for {people} in {town}",
    "community action by {people}: {method} in {town}",
    "{theme} as common ground: {idea} between {people} and statutory services",
    "the {town} compact revisited: {idea2}, {theme} and the voluntary sector",
];

const CORE_REVIEWS: &[&str] = &[
    "{theme} and {people}: {method} of partnership with the voluntary sector",
    "{idea} and {idea2} in community action: {method}",
    "councils, charities and {theme}: {method} with attention to {idea}",
    "what helps {people} lead? {method} of community action and {idea}",
    "{idea2} in partnerships around {theme}: {method}",
    "community action with {people} in the {town} area and elsewhere: {method}",
];

const AGENCIES: &[&str] = &[
    "{agency} and town hall: {idea} in planning {theme} for {people}",
    "integrated working on {theme}: {method} in {town}",
    "{idea} across service boundaries: {agency}, {people} and {theme}",
    "consulting residents about {theme}: {idea2} and its limits in {town}",
    "shared records, shared risk? {method} of {agency} and its allies in {town}",
    "governing {theme} from above: {method} with {people}",
    "engagement without a vote: {idea}, {people} and {agency}",
    "a multi-sector plan for {people}: {idea} and {idea2} in {town}",
    "when {agency} moved in: {theme}, residents and {idea}",
    "data agreements and {idea2}: {method} of cross-sector planning for {people}",
];

const AGENCY_REVIEWS: &[&str] = &[
    "integrated services for {people}: {method} of cross-sector planning",
    "{agency} and {idea}: {method} of intersectoral working",
    "consulting {people} about {theme}: {method}",
    "{idea} and {idea2} in joint planning for {people}: {method}",
    "multi-sector programmes on {theme} in the {town} area: {method}",
    "residents on advisory panels: {method} of {idea} with {people}",
];

const APART: &[&str] = &[
    "why volunteers leave {theme}: {method} with {people}",
    "{idea} and giving: accounts of small charities behind {theme}",
    "volunteering hours among {people}: {method} in {town}",
    "who pays for {theme}? {idea2} in charity accounts from {town}",
    "{people} as volunteers: {idea}, {idea2} and the weekly rota",
    "grants withdrawn: {idea} at {theme} in {town}",
    "expenses, insurance and {idea}: {method} of volunteer rules at {theme}",
    "the age of giving: {people}, {theme} and {idea2}",
    "a census of {theme} in {town}: volunteers, income and {idea}",
    "reading the rota: {method} of {idea2} at {theme}",
];

const PRIVATE: &[&str] = &[
    "employee volunteering at {theme}: {method} inside {firm}",
    "{firm} and {people}: {idea} in sponsored {theme}",
    "brand, {idea} and {theme}: {method}",
    "morale after volunteering: {people} and {idea2} at {firm}",
    "sponsorship ends: {idea} and {idea2} after {theme} in {town}",
    "customers of {firm} meet {people}: {method}",
    "does {theme} sell? {idea2}, {firm} and its customers",
    "paid time, unpaid work: {idea} among staff helping {people}",
    "the {town} pledge: {firm}, {theme} and {idea}",
];

const THINGS: &[&str] = &[
    "estuarine nematodes",
    "steel footbridges",
    "parish surname spellings",
    "small wind turbines",
    "honeybee dances",
    "cold-adapted yeasts",
    "pipistrelle roosts",
    "storm drains",
    "limestone gutters",
    "peat cores",
    "mussel beds",
    "tram axles",
    "slate tips",
    "tidal lagoons",
    "medieval seals",
    "otolith rings",
    "lichen crusts",
    "diesel injectors",
    "heather seedlings",
    "quartz resonators",
    "hop downy mildew",
    "brick kilns",
    "seagrass rhizomes",
    "bell castings",
    "eel passes",
    "radar altimeters",
    "barley awns",
    "church clocks",
    "oyster reefs",
    "canal locks",
];

const PROCESSES: &[&str] = &[
    "corrosion monitoring",
    "isotope dating",
    "acoustic mapping",
    "thermal fatigue",
    "seasonal drift",
    "genome assembly",
    "fracture modelling",
    "spectral unmixing",
    "population cycling",
    "vibration damping",
    "nutrient uptake",
    "sediment transport",
    "image segmentation",
    "enzyme kinetics",
    "lattice defects",
    "turbulence closure",
    "handwriting recognition",
    "phase locking",
    "pollen counting",
    "crack arrest",
];

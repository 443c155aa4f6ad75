//! Sentences of abstracts and full texts, by what a work is about.
//!
//! `{place}`, `{nation}`, `{theme}`, `{people}`, `{idea}`, `{body}`, `{organisation}`, `{agency}`,
//! `{firm}`, `{number}`, `{percent}` and `{months}` are filled in from a work's scene; a capital letter
//! asks for one. What decides a criterion stands in the opening sentences of each kind; the neutral
//! sentences decide none.

use fastrand::Rng;

use super::vocabulary as words;

/// What a work is about, and therefore what the criteria should say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Public bodies together with voluntary organisations, on community action.
    Core,
    /// Public bodies among themselves: passes on its abstract, fails on its full text.
    Agencies,
    /// Public bodies and charities side by side, not together.
    Apart,
    /// Firms and universities with volunteers, no public body.
    Private,
    /// Something else that shares words with the search.
    Elsewhere,
}

/// What a work's sentences talk about.
#[derive(Clone, Debug)]
pub struct Scene {
    pub place: &'static str,
    /// Named only where the work says it.
    pub nation: Option<&'static str>,
    pub theme: &'static str,
    pub people: &'static str,
    pub idea: &'static str,
    pub second_idea: &'static str,
    /// Whether it was written since March 2020.
    pub pandemic: bool,
}

impl Scene {
    /// A scene by chance.
    pub fn draw(rng: &mut Rng, names_nation: bool, pandemic: bool) -> Self {
        let (place, nation) = pick(rng, words::PLACES);
        let idea = pick(rng, words::IDEAS);
        let second_idea = loop {
            let other = pick(rng, words::IDEAS);
            if other != idea {
                break other;
            }
        };
        Self {
            place,
            nation: names_nation.then_some(nation),
            theme: pick(rng, words::THEMES),
            people: pick(rng, words::PEOPLE),
            idea,
            second_idea,
            pandemic,
        }
    }

    /// `Swansea, Wales`, or the place alone where the work names no nation.
    pub fn place(&self) -> String {
        self.nation.map_or_else(|| self.place.to_owned(), |nation| format!("{}, {nation}", self.place))
    }
}

/// One of a list.
pub fn pick<T: Copy>(rng: &mut Rng, list: &[T]) -> T {
    list[rng.usize(..list.len())]
}

/// A template with its slots filled.
pub fn fill(rng: &mut Rng, scene: &Scene, template: &str) -> String {
    let mut out = String::with_capacity(template.len() + 60);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((slot, after)) = after.split_once('}') else {
            break;
        };
        let value = slot_value(rng, scene, &slot.to_lowercase());
        if slot.starts_with(char::is_uppercase) {
            out.push_str(&capital(&value))
        } else {
            out.push_str(&value)
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// One template of a list, filled.
pub fn fill_one(rng: &mut Rng, scene: &Scene, list: &[&str]) -> String {
    let template = pick(rng, list);
    fill(rng, scene, template)
}

fn slot_value(rng: &mut Rng, scene: &Scene, slot: &str) -> String {
    match slot {
        "place" => scene.place(),
        "region" => scene.nation.map_or_else(|| format!("the {} area", scene.place), str::to_owned),
        "theme" => scene.theme.to_owned(),
        "people" => scene.people.to_owned(),
        "idea" => scene.idea.to_owned(),
        "idea2" => scene.second_idea.to_owned(),
        "body" => pick(rng, words::BODIES).to_owned(),
        "organisation" => pick(rng, words::ORGANISATIONS).to_owned(),
        "agency" => pick(rng, words::AGENCIES).to_owned(),
        "firm" => pick(rng, words::FIRMS).to_owned(),
        "number" => rng.u32(12..190).to_string(),
        "percent" => rng.u32(21..88).to_string(),
        "months" => rng.u32(5..30).to_string(),
        other => other.to_owned(),
    }
}

/// The text with its first letter in upper case.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// An abstract of about 150 to 250 words.
pub fn abstract_text(rng: &mut Rng, topic: Topic, scene: &Scene, reviews: bool) -> String {
    let mut sentences = vec![fill_one(rng, scene, openings(topic, reviews))];
    let (wellbeing, own) = (fill_one(rng, scene, WELLBEING), own_sentences(topic));
    if topic == Topic::Elsewhere {
        sentences.extend(some(rng, scene, own, 3));
        sentences.extend(some(rng, scene, ELSEWHERE_METHODS, 4));
    } else {
        sentences.push(wellbeing);
        sentences.extend(some(rng, scene, own, 2));
        sentences.extend(some(rng, scene, if reviews { NEUTRAL_REVIEW } else { NEUTRAL }, 5));
        if scene.pandemic {
            sentences.push(fill_one(rng, scene, PANDEMIC));
        }
    }
    sentences.join(" ")
}

/// Titles of an article's sections; how many sentences each has of its own kind, and how many neutral.
const ARTICLE: &[(&str, usize, usize)] = &[
    ("Introduction", 2, 9),
    ("Background", 2, 8),
    ("Setting", 1, 9),
    ("Methods", 1, 11),
    ("Findings", 2, 10),
    ("What people said", 2, 11),
    ("What changed", 2, 10),
    ("Discussion", 3, 11),
    ("Limitations", 1, 7),
    ("Conclusion", 1, 6),
];
/// The same for a report or page.
const REPORT: &[(&str, usize, usize)] = &[
    ("Summary", 1, 3),
    ("Why it was done", 2, 4),
    ("How it was done", 1, 6),
    ("What was found", 2, 6),
    ("What comes next", 1, 3),
];

/// The sections of an article: title and text, some 1,300 words in all.
pub fn article(rng: &mut Rng, topic: Topic, scene: &Scene, reviews: bool) -> Vec<(String, String)> {
    sections(rng, topic, scene, reviews, ARTICLE)
}

/// The sections of a report or page: title and text, some 500 words in all.
pub fn report(rng: &mut Rng, topic: Topic, scene: &Scene) -> Vec<(String, String)> {
    sections(rng, topic, scene, false, REPORT)
}

fn sections(
    rng: &mut Rng,
    topic: Topic,
    scene: &Scene,
    reviews: bool,
    plan: &[(&str, usize, usize)],
) -> Vec<(String, String)> {
    let own = own_sentences(topic);
    let neutral = match topic {
        Topic::Elsewhere => ELSEWHERE_METHODS,
        _ if reviews => NEUTRAL_REVIEW,
        _ => NEUTRAL,
    };
    let mut sections = Vec::new();
    for (at, (title, own_count, neutral_count)) in plan.iter().enumerate() {
        let mut sentences = Vec::new();
        // What the work is about is said at the beginning and again halfway.
        if at == 0 || at == plan.len() / 2 {
            sentences.push(fill_one(rng, scene, openings(topic, reviews)));
        }
        sentences.extend(some(rng, scene, own, *own_count));
        sentences.extend(some(rng, scene, neutral, *neutral_count));
        sections.push(((*title).to_owned(), sentences.join(" ")));
    }
    sections
}

/// Some different sentences of a list, filled.
pub fn some(rng: &mut Rng, scene: &Scene, list: &[&str], count: usize) -> Vec<String> {
    let mut order: Vec<usize> = (0..list.len()).collect();
    rng.shuffle(&mut order);
    order.into_iter().take(count).map(|at| fill(rng, scene, list[at])).collect()
}

fn openings(topic: Topic, reviews: bool) -> &'static [&'static str] {
    match topic {
        Topic::Core if reviews => CORE_REVIEW_OPENINGS,
        Topic::Agencies if reviews => AGENCY_REVIEW_OPENINGS,
        Topic::Core => CORE_OPENINGS,
        Topic::Agencies => AGENCY_OPENINGS,
        Topic::Apart => APART_OPENINGS,
        Topic::Private => PRIVATE_OPENINGS,
        Topic::Elsewhere => ELSEWHERE_OPENINGS,
    }
}

fn own_sentences(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::Core => CORE,
        Topic::Agencies => AGENCIES,
        Topic::Apart => APART,
        Topic::Private => PRIVATE,
        Topic::Elsewhere => ELSEWHERE,
    }
}

const CORE_OPENINGS: &[&str] = &[
    "{Body} and {organisation} in {place} worked in partnership to support community action around {theme}.",
    "In {place}, collaboration between {body} and {organisation} grew out of community action, and {theme} became its best known result.",
    "When {organisation} asked {body} for help with {theme}, an alliance formed in {place} that has supported community action ever since.",
    "This study follows {body} and {organisation} in {place} as they coproduced {theme} with volunteers and other local people through community action.",
    "Joint working between {body} and {organisation} has been promoted in {place}, where community action by {people} led to {theme}.",
    "Community action in {place} rests on cooperation: {body} and {organisation} run {theme} as partners, with volunteers at its heart.",
];

const CORE_REVIEW_OPENINGS: &[&str] = &[
    "This review brings together {number} studies of partnership between councils and voluntary organisations, and of the community action that followed, across {region}.",
    "What is known of collaboration between local authorities and community groups? We searched for accounts of community action in {region} and found {number}.",
    "We synthesise evidence from {region} on how local government and the voluntary sector work as partners in support of community action such as {theme}.",
    "Reports of community action in {region} by {people} were read for what councils and charities did together in partnership.",
];

const AGENCY_REVIEW_OPENINGS: &[&str] = &[
    "This review maps multi-sector partnerships between councils, hospitals and housing providers in {region}, and how community engagement with residents figured in them.",
    "We reviewed {number} evaluations of cross-sector working between health boards and universities in {region} that reported community engagement with residents.",
    "Evidence from {region} on intersectoral collaboration between local authorities and ambulance trusts, with community engagement of residents as an outcome, is summarised.",
    "A cross-sector alliance of public services is often recommended; this review asks what {number} studies from {region} say of it and of community engagement with residents.",
];

const CORE: &[&str] = &[
    "Partners met weekly, and {body} seconded staff to {organisation} so that decisions could be taken on the spot.",
    "Volunteers described {theme} as something that neither {body} nor {organisation} could have kept going alone.",
    "A shared budget held by {organisation} and {body} gave community-led work a footing beyond single grants.",
    "Commissioners came to treat {organisation} as equals, and community action as more than a delivery arm.",
    "Where {body} stepped back, community groups set the pace and partnership deepened.",
    "Relations between {body} and {organisation} were tested when funding ended, yet collaboration survived in the form of mutual aid.",
    "Community connectors employed by {organisation} carried messages between {people} and {body}.",
    "Residents valued being asked first, and the partnership learned to follow community action and not to lead it.",
];

const AGENCY_OPENINGS: &[&str] = &[
    "A multi-sector partnership of {body} and {agency} in {place} ran community engagement sessions with residents on {theme}.",
    "Cross-sector working between {body} and {agency} in {place} brought community engagement and {theme} under one roof.",
    "In {place}, {body} joined {agency} in a cross-sector alliance that used community engagement to plan {theme}.",
    "This paper examines a multisector collaboration between {body} and {agency} in {place}, whose community engagement with residents centred on {theme}.",
    "Intersectoral cooperation between {body} and {agency} was written into the plans for {place}, with community engagement on {theme} as its test.",
];

const AGENCIES: &[&str] = &[
    "{Agency} and {body} pooled their records, and residents were consulted twice a year.",
    "Senior managers at {agency} described the partnership as a way to keep duplication down.",
    "Residents were invited to comment on plans that {body} had already drafted with {agency}.",
    "Staff moved between {body} and {agency}, which shortened referral times for {people}.",
    "Governance was shared by {agency} and {body}; residents sat on an advisory panel without a vote.",
    "Information agreements between {body} and {agency} took {months} months to sign.",
];

const APART_OPENINGS: &[&str] = &[
    "{Body} and local charities in {place} each kept their own records of volunteers connected with {theme}.",
    "Volunteers in {place} are asked for time both by {body} and by small charities, often for {theme}.",
    "In {place}, {body} cut its grants to small charities, and volunteers who ran {theme} felt the change.",
    "We compare volunteers registered with {body} and volunteers of local charities who gave time to {theme} in {place}.",
    "Rates relief given by {body} to small charities in {place} was linked to data on volunteers at {theme}.",
    "This paper asks how volunteers in {place} tell apart what {body} provides and what local charities provide, taking {theme} as the example.",
];

const APART: &[&str] = &[
    "Volunteers seldom knew which body had insured them, and few had read the rules that applied.",
    "Accounts filed by small charities were coded by size, age and income, and set beside spending per head.",
    "Giving fell in the first winter and rose again, while hours given by volunteers stayed flat.",
    "Volunteers aged over 65 gave more hours than any other group, mainly on weekdays.",
    "The survey asked volunteers how they first heard of {theme} and why they stayed.",
    "Rules on expenses differed from one organiser to the next and confused volunteers.",
];

const PRIVATE_OPENINGS: &[&str] = &[
    "A cross-sector partnership between {firm} and a university in {place} invited volunteers to take part in {theme}.",
    "Cross-sector alliances between {firm} and research funders have reached {place}, where employee volunteers helped with {theme}.",
    "In {place}, a multi-sector partnership led by {firm} used community engagement to promote {theme} among its customers.",
    "We study a cross-sector collaboration of {firm} and a management faculty in {place} that recruited volunteers for {theme}.",
    "Multisectoral partnerships of {firm} with unions in {place} offered staff time as volunteers at {theme}.",
];

const PRIVATE: &[&str] = &[
    "Managers at {firm} counted volunteering hours towards appraisal, which changed who came forward.",
    "Brand surveys by {firm} found that customers noticed the programme but could not name its purpose.",
    "Staff of {firm} who volunteered reported better morale than colleagues who did not.",
    "The university supplied training, and {firm} paid for travel and materials.",
    "Sponsorship by {firm} ended when the contract lapsed, and volunteers drifted away.",
];

const ELSEWHERE_OPENINGS: &[&str] = &[
    "Bacterial activity in estuary mud near {place} was sampled each month for two years.",
    "We monitor the structural health of a steel footbridge near {place} with low-cost accelerometers.",
    "Parish registers from {place} are used to date changes in surname spelling between 1680 and 1820.",
    "A resilient control scheme for small wind turbines is tested on a coastal site near {place}.",
    "Honeybee foraging around {place} was mapped by decoding waggle dances.",
    "The isolation of cold-adapted yeasts from upland peat near {place} is reported.",
    "Acoustic surveys of bats near {place} were repeated on forty nights.",
    "Flow in storm drains beneath {place} is simulated at street resolution.",
];

const ELSEWHERE: &[&str] = &[
    "Plant health was scored by two observers who did not know the treatment.",
    "Activity peaked after rain and fell away within three days.",
    "The initiative of testing several sensors at once proved sound.",
    "Isolated readings were removed when neighbouring sensors disagreed.",
    "Resilience to frost differed between strains.",
    "Support vectors were chosen by cross-validation.",
];

const ELSEWHERE_METHODS: &[&str] = &[
    "Samples were stored at minus eighty degrees until analysis.",
    "A mixed model with random intercepts for site gave the best fit.",
    "Instruments were calibrated before and after every run.",
    "Uncertainty was propagated by Monte Carlo draws.",
    "Residuals showed no trend with temperature.",
    "Code and raw readings are deposited in an open archive.",
    "Replicates agreed within four per cent.",
    "Weather data came from the nearest station.",
    "The method needs no equipment beyond that found in a teaching laboratory.",
    "Earlier estimates were biased by shading.",
];

/// Every search demands one of these.
const WELLBEING: &[&str] = &[
    "Loneliness and poor mental health were common among {people} before it began, and wellbeing was the first concern.",
    "Its purpose was to improve the health of {people} and to ease isolation.",
    "For {people}, quality of life and a sense of belonging were at stake.",
    "Health inequalities affecting {people} gave the work its urgency.",
    "Among {people}, wellbeing had fallen and social support was thin.",
];

/// Sentences of any social research; none decides a criterion.
const NEUTRAL: &[&str] = &[
    "We held {number} interviews over {months} months and read them for {idea} and {idea2}.",
    "Fieldnotes were written within a day and discussed in pairs.",
    "Of {number} respondents, {percent} per cent said that {theme} had made a difference to their week.",
    "Themes were developed inductively and checked with those who had been interviewed.",
    "Three things mattered most: {idea}, steady funding, and somebody who answers the telephone.",
    "Attendance rose for {months} months and then settled.",
    "Costs were met from a patchwork of small grants, and few lasted beyond a year.",
    "{Idea} emerged as the thread that tied these accounts together.",
    "Findings are limited by the small sample and by reliance on those who stayed to the end.",
    "Men were harder to reach than women, and evenings suited more people than mornings.",
    "Questions of {idea2} surfaced late and were rarely spoken aloud.",
    "Transcripts were analysed in the language in which people had spoken.",
    "We conclude that {idea} cannot be hurried and is easily lost.",
    "Further work should follow {people} for longer and ask those who left.",
    "Travel, childcare and opening hours explained more than motivation did.",
    "Repairs closed the building for {months} weeks and moved everything to the telephone.",
    "Participants spoke of {idea} more often than of money.",
    "Two researchers coded every transcript, and differences were settled by talking.",
    "The evaluation cost less than a tenth of the whole.",
    "Small gestures, such as being greeted by name, were remembered years afterwards.",
    "Scores improved on {percent} per cent of items, though the confidence intervals were wide.",
    "What looked like {idea} from outside was felt as {idea2} within.",
    "Records were incomplete for {percent} of the first {number} weeks, and these weeks were left out.",
    "Ethical approval was given, and everyone quoted here has agreed to it.",
];

/// The same for reviews.
const NEUTRAL_REVIEW: &[&str] = &[
    "Eight bibliographic databases and the lists of earlier reviews were searched.",
    "Two reviewers screened every record, and differences were settled by talking.",
    "Of {number} papers read in full, {percent} per cent gave no account of how people had been recruited.",
    "Most papers were small and qualitative, and few followed anybody for longer than {months} months.",
    "{Idea} and {idea2} recur in the accounts, under many names.",
    "Quality was judged with a published checklist and was fair on the whole.",
    "A logic model was drawn from the accounts and revised {months} times.",
    "Costs were reported in one paper in ten.",
    "Effects on {people} were mixed, and harms were seldom looked for.",
    "Where {idea} was present, benefits lasted; where it was not, they faded.",
    "The protocol was published before the searches were run.",
    "Evidence on {theme} was thin, though consistent.",
    "Later work should say who paid, who decided and who left.",
    "Meta-analysis was not possible, and findings are told in words.",
];

/// For what was written since March 2020.
const PANDEMIC: &[&str] = &[
    "The pandemic moved {theme} out of doors and onto the telephone.",
    "During the first lockdown requests doubled within {months} days.",
    "Covid-19 laid bare how much rested on {idea}.",
    "After the restrictions were lifted, {percent} per cent of those who had joined were still coming.",
    "Fieldwork was done by video call while visits were forbidden.",
];

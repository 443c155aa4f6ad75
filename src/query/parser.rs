//! gleaner's own syntax, read into a tree. It recovers and tells all mistakes at once.
//!
//! `or := and (OR and)*`, `and := not ((AND | NOT | nothing) not)*`, `not := NOT not | near`,
//! `near := primary (NEAR/n primary)*`, `primary := field primary | ( or ) | term`.

use super::diagnostic::{Collector, Diagnostic};
use super::lexer::{Lexeme, Token, lex};
use super::tree::{Kind, Node, Tree};
use super::{Parsed, Span};

/// The longest text that is read, in bytes.
pub const MOST_BYTES: usize = 1 << 20;
/// The deepest nesting that is read; it bounds the recursion of all that walks a tree.
pub const MOST_DEPTH: usize = 200;

/// Reads a query in gleaner's own language.
pub fn parse(text: &str) -> Parsed {
    let mut told = Collector::default();
    if text.len() > MOST_BYTES {
        let message = format!("the query is longer than {MOST_BYTES} bytes");
        told.push(Diagnostic::error("too-long", &(0..0), message));
        return Parsed { tree: None, diagnostics: told.finish() };
    }
    let lexemes = balance(lex(text, &mut told), &mut told);
    if lexemes.is_empty() && told.diagnostics.is_empty() {
        told.push(Diagnostic::error("empty-query", &(0..text.len()), "there is nothing to look for"));
    }
    let mut parser = Parser { lexemes, at: 0, depth: 0, told: &mut told, end: text.trim_end().len() };
    let root = if parser.lexemes.is_empty() { Operand::Hole } else { parser.or() };
    let tree = match root {
        Operand::Node(root) => Some(Tree { root }),
        Operand::Hole => None,
    };
    Parsed { tree, diagnostics: told.finish() }
}

/// Tells of parentheses without a partner, and takes closing ones without away.
fn balance(lexemes: Vec<Lexeme>, told: &mut Collector) -> Vec<Lexeme> {
    let mut open: Vec<Span> = Vec::new();
    let mut kept = Vec::with_capacity(lexemes.len());
    for lexeme in lexemes {
        match lexeme.token {
            Token::Open => open.push(lexeme.span.clone()),
            Token::Close if open.pop().is_none() => {
                let message = "this parenthesis closes nothing";
                told.push(Diagnostic::error("unbalanced-parenthesis", &lexeme.span, message));
                continue;
            }
            _ => {}
        }
        kept.push(lexeme);
    }
    for span in open {
        told.push(Diagnostic::error("unbalanced-parenthesis", &span, "this parenthesis is never closed"));
    }
    kept
}

/// A part of the query, or a place where one is missing and that was told.
enum Operand {
    Node(Node),
    Hole,
}

struct Parser<'a> {
    lexemes: Vec<Lexeme>,
    at: usize,
    depth: usize,
    told: &'a mut Collector,
    /// Where the text ends, white space apart.
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.lexemes.get(self.at).map(|lexeme| &lexeme.token)
    }

    /// The span of the last token taken.
    fn last_span(&self) -> Span {
        self.at.checked_sub(1).and_then(|at| self.lexemes.get(at)).map_or(0..0, |lexeme| lexeme.span.clone())
    }

    fn or(&mut self) -> Operand {
        let mut nodes = Vec::new();
        let mut unclear: Option<Span> = None;
        let mut operands = 0;
        loop {
            let (operand, ands) = self.and();
            operands += 1;
            if let Operand::Node(node) = operand {
                if ands {
                    unclear.get_or_insert_with(|| node.span.clone());
                }
                nodes.push(node);
            }
            match self.peek() {
                Some(Token::Or) => self.at += 1,
                _ => break,
            }
        }
        if let Some(span) = unclear.filter(|_| operands > 1) {
            let message =
                "AND and OR are mixed without parentheses: AND is read first. Write parentheses to say what is meant";
            self.told.push(Diagnostic::warning("mixed-precedence", &span, message));
        }
        join(nodes, Kind::Or)
    }

    /// Also whether it joined operands by a written AND or NOT.
    fn and(&mut self) -> (Operand, bool) {
        let mut nodes = Vec::new();
        let mut written = false;
        if let Operand::Node(node) = self.not() {
            nodes.push(node);
        }
        loop {
            match self.peek() {
                Some(Token::And) => {
                    written = true;
                    self.at += 1;
                }
                // `a NOT b` is `a AND NOT b`.
                Some(Token::Not) => written = true,
                Some(token) if token.begins_operand() => {
                    let span = self.last_span().start..self.lexemes[self.at].span.end;
                    let message = "no operator between these: read as AND. Write AND, or quotes around a phrase";
                    self.told.push(Diagnostic::warning("implied-and", &span, message));
                }
                _ => break,
            }
            if let Operand::Node(node) = self.not() {
                nodes.push(node);
            }
        }
        (join(nodes, Kind::And), written)
    }

    fn not(&mut self) -> Operand {
        if self.peek() != Some(&Token::Not) {
            return self.near();
        }
        let start = self.lexemes[self.at].span.start;
        if self.too_deep() {
            return Operand::Hole;
        }
        self.at += 1;
        self.depth += 1;
        let operand = self.not();
        self.depth -= 1;
        match operand {
            Operand::Node(node) => {
                let span = start..node.span.end;
                Operand::Node(Node::new(Kind::Not(Box::new(node)), span))
            }
            Operand::Hole => Operand::Hole,
        }
    }

    fn near(&mut self) -> Operand {
        let mut left = self.primary();
        let mut height = 0;
        while let Some(&Token::Near(distance)) = self.peek() {
            let operator = self.lexemes[self.at].span.clone();
            self.at += 1;
            let right = self.primary();
            height += 1;
            left = match (left, right) {
                (Operand::Node(left), Operand::Node(right)) if self.depth + height <= MOST_DEPTH => {
                    Operand::Node(self.near_node(distance, left, right, &operator))
                }
                (Operand::Node(node), _) | (Operand::Hole, Operand::Node(node)) => Operand::Node(node),
                (Operand::Hole, Operand::Hole) => Operand::Hole,
            };
            if self.depth + height == MOST_DEPTH + 1 {
                self.tell_too_deep(&operator);
            }
        }
        left
    }

    /// A NEAR, or an AND in its place where an operand cannot have a position.
    fn near_node(&mut self, distance: u16, left: Node, right: Node, operator: &Span) -> Node {
        let span = left.span.start..right.span.end;
        let mut sound = true;
        for operand in [&left, &right] {
            let (code, what, remedy) = match obstacle(operand) {
                None => continue,
                Some(Obstacle::And) => ("near-with-and", "AND", "write the NEAR once for each, or quote a phrase"),
                Some(Obstacle::Not) => ("near-with-not", "NOT", "put the NOT outside"),
                Some(Obstacle::Limit) => {
                    ("near-with-field", "a field", "put the field around the whole: title:(a NEAR/3 b)")
                }
            };
            sound = false;
            let message = format!("NEAR cannot have {what} inside: {remedy}");
            let place = operator.start.min(operand.span.start)..operator.end.max(operand.span.end);
            self.told.push(Diagnostic::error(code, &place, message));
        }
        let kind = if sound {
            Kind::Near { distance, left: Box::new(left), right: Box::new(right) }
        } else {
            Kind::And(vec![left, right])
        };
        Node::new(kind, span)
    }

    fn primary(&mut self) -> Operand {
        let Some(lexeme) = self.lexemes.get(self.at) else {
            self.missing(self.end..self.end);
            return Operand::Hole;
        };
        let span = lexeme.span.clone();
        match lexeme.token.clone() {
            Token::Term(term) => {
                self.at += 1;
                Operand::Node(Node::new(Kind::Term(term), span))
            }
            Token::Field(scope) => {
                if self.too_deep() {
                    return Operand::Hole;
                }
                self.at += 1;
                self.depth += 1;
                let operand = self.primary();
                self.depth -= 1;
                match operand {
                    Operand::Node(node) => {
                        let span = span.start..node.span.end;
                        Operand::Node(Node::new(Kind::Limit { scope, node: Box::new(node) }, span))
                    }
                    Operand::Hole => Operand::Hole,
                }
            }
            Token::Open => self.group(&span),
            Token::Close | Token::And | Token::Or | Token::Near(_) | Token::Not => {
                self.missing(span);
                Operand::Hole
            }
        }
    }

    fn group(&mut self, open: &Span) -> Operand {
        if self.too_deep() {
            return Operand::Hole;
        }
        self.at += 1;
        if self.peek() == Some(&Token::Close) {
            let span = open.start..self.lexemes[self.at].span.end;
            self.at += 1;
            self.told.push(Diagnostic::error("empty-group", &span, "there is nothing between these parentheses"));
            return Operand::Hole;
        }
        self.depth += 1;
        let inside = if self.at < self.lexemes.len() { self.or() } else { Operand::Hole };
        self.depth -= 1;
        if self.peek() == Some(&Token::Close) {
            self.at += 1;
        }
        inside
    }

    /// Tells that an operand is missing; names the operator beside the hole.
    fn missing(&mut self, here: Span) {
        let before = self.at.checked_sub(1).map(|at| &self.lexemes[at]);
        let beside = before.filter(|lexeme| !lexeme.token.ends_operand() && lexeme.token != Token::Open);
        let (span, side) = beside.map_or((here, "before"), |lexeme| (lexeme.span.clone(), "after"));
        let message = format!("something to look for is missing {side} this");
        self.told.push(Diagnostic::error("missing-operand", &span, message));
    }

    /// Whether there is no going deeper; then it is told and the part is skipped.
    fn too_deep(&mut self) -> bool {
        if self.depth < MOST_DEPTH {
            return false;
        }
        let span = self.lexemes[self.at].span.clone();
        self.tell_too_deep(&span);
        let mut open = 0_usize;
        while let Some(token) = self.peek() {
            match token {
                Token::Open => open += 1,
                Token::Close if open == 0 => break,
                Token::Close => open -= 1,
                _ => {}
            }
            self.at += 1;
        }
        true
    }

    fn tell_too_deep(&mut self, span: &Span) {
        let message = format!("nested more than {MOST_DEPTH} deep");
        self.told.push(Diagnostic::error("too-deep", span, message));
    }
}

enum Obstacle {
    And,
    Not,
    Limit,
}

/// What keeps a node from having a position in a text.
fn obstacle(node: &Node) -> Option<Obstacle> {
    match &node.kind {
        Kind::And(_) => Some(Obstacle::And),
        Kind::Not(_) => Some(Obstacle::Not),
        Kind::Limit { .. } => Some(Obstacle::Limit),
        // What lies inside a NEAR was looked at when it was made.
        Kind::Term(_) | Kind::Near { .. } => None,
        Kind::Or(nodes) => nodes.iter().find_map(obstacle),
    }
}

fn join(mut nodes: Vec<Node>, kind: fn(Vec<Node>) -> Kind) -> Operand {
    if nodes.len() > 1 {
        let span = nodes[0].span.start..nodes[nodes.len() - 1].span.end;
        return Operand::Node(Node::new(kind(nodes), span));
    }
    nodes.pop().map_or(Operand::Hole, Operand::Node)
}

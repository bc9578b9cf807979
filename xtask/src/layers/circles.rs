//! Circles in a graph: its strongly connected components.

use std::collections::{BTreeMap, BTreeSet};

/// The groups of two and more nodes that can all be reached from each other.
pub fn circles<N: Ord + Clone>(edges: &[(N, N)]) -> Vec<BTreeSet<N>> {
    let mut next: BTreeMap<&N, BTreeSet<&N>> = BTreeMap::new();
    for (from, to) in edges {
        next.entry(from).or_default().insert(to);
    }
    let reached: BTreeMap<&N, BTreeSet<&N>> =
        next.keys().map(|&from| (from, reachable(from, &next))).collect();
    let mut found: Vec<BTreeSet<N>> = Vec::new();
    for (node, targets) in &reached {
        if found.iter().any(|circle| circle.contains(*node)) {
            continue;
        }
        let leads_back = |to: &&&N| reached.get(**to).is_some_and(|back| back.contains(*node));
        let circle: BTreeSet<N> = targets.iter().filter(leads_back).map(|to| (*to).clone()).collect();
        if circle.len() > 1 {
            found.push(circle);
        }
    }
    found
}

fn reachable<'a, N: Ord>(from: &'a N, next: &BTreeMap<&'a N, BTreeSet<&'a N>>) -> BTreeSet<&'a N> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(node) = open.pop() {
        for to in next.get(node).into_iter().flatten() {
            if found.insert(*to) {
                open.push(to);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(edges: &[(&str, &str)]) -> Vec<String> {
        let names = |circle: BTreeSet<&str>| circle.into_iter().collect::<Vec<_>>().join(" ");
        circles(edges).into_iter().map(names).collect()
    }

    #[test]
    fn circles_of_any_length_are_found_and_kept_apart() {
        let edges = [("a", "b"), ("b", "a"), ("b", "c"), ("c", "d"), ("d", "e"), ("e", "c")];
        assert_eq!(found(&edges), ["a b", "c d e"]);
    }

    #[test]
    fn a_node_before_or_behind_a_circle_is_not_in_it() {
        assert_eq!(found(&[("x", "a"), ("a", "b"), ("b", "a"), ("b", "y")]), ["a b"]);
        assert!(found(&[("a", "b"), ("a", "c"), ("b", "c"), ("c", "c")]).is_empty());
    }
}

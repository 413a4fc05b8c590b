use std::iter::successors;

type Task = (&'static str, &'static [&'static str]);

/// The first task in waiting that this one needs.
fn blocker(task: Task, waiting: &[Task]) -> Option<Task> {
    let (_, needs) = task;
    waiting
        .iter()
        .copied()
        .find(|(name, _)| needs.contains(name))
}

/// Follows blockers until one comes again.
fn find_cycle(waiting: &[Task]) -> Vec<&'static str> {
    let mut walk = Vec::new();
    for (name, _) in successors(waiting.first().copied(), |&task| blocker(task, waiting)) {
        let seen = walk.iter().position(|&other| other == name);
        walk.push(name);
        if let Some(start) = seen {
            return walk.split_off(start);
        }
    }
    walk
}

fn build(tasks: &[Task]) {
    let mut waiting = tasks.to_vec();
    waiting.sort_unstable();
    for level in 1.. {
        let (ready, blocked): (Vec<Task>, Vec<Task>) = waiting
            .iter()
            .partition(|&&task| blocker(task, &waiting).is_none());
        if ready.is_empty() {
            break;
        }
        let names: Vec<&str> = ready.iter().map(|(name, _)| *name).collect();
        println!("{level}. {}", names.join(" "));
        waiting = blocked;
    }
    if !waiting.is_empty() {
        println!("cycle: {}", find_cycle(&waiting).join(" > "));
    }
}

fn main() {
    build(&[
        ("deploy", &["lint", "test", "pack"]),
        ("pack", &["build"]),
        ("test", &["build"]),
        ("build", &[]),
        ("lint", &[]),
    ]);
    build(&[
        ("cake", &["egg"]),
        ("egg", &["hen"]),
        ("hen", &["barn", "egg"]),
        ("barn", &[]),
    ]);
}

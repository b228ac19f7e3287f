//! A queue made of two stacks: in wasm it takes a third of the code of a ring buffer.

/// A queue: first in, first out. Each item is moved twice at most, however many there are.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fifo<T> {
    /// The items that come first, in reverse order.
    front: Vec<T>,
    /// The items that came last.
    back: Vec<T>,
}

impl<T> Fifo<T> {
    pub fn new() -> Self {
        Self { front: Vec::new(), back: Vec::new() }
    }

    pub fn len(&self) -> usize {
        self.front.len().saturating_add(self.back.len())
    }

    pub fn is_empty(&self) -> bool {
        self.front.is_empty() && self.back.is_empty()
    }

    pub fn push(&mut self, item: T) {
        self.back.push(item);
    }

    /// Inserts an item before all others.
    pub fn push_front(&mut self, item: T) {
        self.front.push(item);
    }

    pub fn pop(&mut self) -> Option<T> {
        self.refill_front();
        self.front.pop()
    }

    /// Returns the first item.
    pub fn first(&self) -> Option<&T> {
        self.front.last().or(self.back.first())
    }

    pub fn first_mut(&mut self) -> Option<&mut T> {
        self.refill_front();
        self.front.last_mut()
    }

    /// Drops the items for which `is_kept` is false.
    pub fn retain(&mut self, mut is_kept: impl FnMut(&T) -> bool) {
        self.front.retain(&mut is_kept);
        self.back.retain(is_kept);
    }

    /// Returns the items in order.
    pub fn into_vec(mut self) -> Vec<T> {
        self.front.reverse();
        self.front.append(&mut self.back);
        self.front
    }

    /// Turns the back into the front, once the front is used up.
    fn refill_front(&mut self) {
        if self.front.is_empty() {
            core::mem::swap(&mut self.front, &mut self.back);
            self.front.reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fifo;

    #[test]
    fn items_come_out_in_the_order_in_which_they_went_in() {
        let mut fifo = Fifo::new();
        (1..=3).for_each(|item| fifo.push(item));
        assert_eq!((fifo.pop(), fifo.first(), fifo.len()), (Some(1), Some(&2), 2));
        fifo.push(4);
        fifo.push_front(0);
        assert_eq!(fifo.first_mut(), Some(&mut 0));
        fifo.retain(|item| *item != 3);
        assert_eq!(fifo.clone().into_vec(), [0, 2, 4]);
        let rest: Vec<i32> = core::iter::from_fn(|| fifo.pop()).collect();
        assert_eq!((rest, fifo.is_empty()), (vec![0, 2, 4], true));
    }
}

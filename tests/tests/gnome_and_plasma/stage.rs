//! Each desktop by itself: it comes up, and ends completely.

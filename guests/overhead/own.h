/* The guest's own instructions on the paths that are filled up. A test compares the filled paths with the lengths asked for,
   so a change of compiler or code that makes these wrong is found. */
#ifndef OWN_H
#define OWN_H

#define OWN_NULL_CALL 35 /* from the caller's branch to `call` until it goes on */
#define OWN_PIPE_PAIR 222 /* a write of 4 bytes and the read of them, where neither waits */
#define OWN_SWITCH 162 /* what a write that wakes a reader and a read that waits take beyond that, in both tasks */

#endif

/** The audit log: records as leaves of a Merkle tree whose signed checkpoints anyone can verify. */
@NullMarked
package io.sallyport.audit;

import org.jspecify.annotations.NullMarked;

/** The audit log: records, leaves, the Merkle tree, signed checkpoints and their verifier. */
@NullMarked
package io.sallyport.audit;

import org.jspecify.annotations.NullMarked;

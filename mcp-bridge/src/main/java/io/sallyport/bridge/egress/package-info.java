/**
 * The only code that opens connections. {@link io.sallyport.bridge.egress.UrlText} judges texts,
 * {@link io.sallyport.bridge.egress.AddressRules} addresses, {@link
 * io.sallyport.bridge.egress.JudgedAddresses} puts the judgement between look-up and dial.
 */
@NullMarked
package io.sallyport.bridge.egress;

import org.jspecify.annotations.NullMarked;

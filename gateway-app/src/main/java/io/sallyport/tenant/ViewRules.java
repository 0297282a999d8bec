package io.sallyport.tenant;

import io.sallyport.catalog.Toolset;
import io.sallyport.policy.Policy;
import java.util.Map;

/** What decides who sees what of a server: one object for as long as neither changes. */
record ViewRules(Policy policy, Map<String, Toolset> toolsets, Stops stops) {}

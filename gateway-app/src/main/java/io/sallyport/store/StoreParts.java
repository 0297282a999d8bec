package io.sallyport.store;

import java.time.Clock;

/** What the adapters of the store share. */
record StoreParts(
        Database database, Sealer sealer, AdminRecords records, TenantViews views, Clock clock) {}

/*
 * version.h - which Exchange this is, and in whose words it is asked
 *
 * Every answer tells the server's build.  It decides what is asked for: the
 * name of a version in each request shapes the answers and the features that
 * may be used.  What the server says of its newest schema is no use, as it may
 * be a name that it refuses.
 */
#ifndef POSTERN_EXCHANGE_EWS_VERSION_H
#define POSTERN_EXCHANGE_EWS_VERSION_H

#include <stdint.h>

enum ews_version {
    EWS_2007_SP1,
    EWS_2010,
    EWS_2010_SP1,
    EWS_2010_SP2,
    EWS_2013,
    EWS_2013_SP1,
    EWS_2016
};

struct ews_build {
    uint32_t major;
    uint32_t minor;
    uint32_t build;
};

/* "Exchange2010_SP2": what stands in a request. */
const char *version_name(enum ews_version version);

/* What to ask a server of this build for. */
enum ews_version version_of_build(const struct ews_build *build);

/* "Exchange 2010", for the log. */
const char *version_product(const struct ews_build *build);

/* The largest request that it takes by default, in octets. */
uint64_t version_request_limit(const struct ews_build *build);

#endif

/*
 * version.c - see version.h
 */
#include "proxy/exchange/ews/version.h"

#include <stddef.h>

/* clang-format off */

static const char *const names[] = {
    [EWS_2007_SP1] = "Exchange2007_SP1",
    [EWS_2010]     = "Exchange2010",
    [EWS_2010_SP1] = "Exchange2010_SP1",
    [EWS_2010_SP2] = "Exchange2010_SP2",
    [EWS_2013]     = "Exchange2013",
    [EWS_2013_SP1] = "Exchange2013_SP1",
    [EWS_2016]     = "Exchange2016",
};

/* The newest first; the first line whose build is not newer counts.  The limits
 * are those of the web.config that Exchange comes with. */
static const struct {
    struct ews_build build;
    enum ews_version version;
    const char *product;
    uint64_t request_limit;
} builds[] = {
    { { 15, 20,   0 }, EWS_2016,     "Exchange Online", 67108864 },
    { { 15,  2,   0 }, EWS_2016,     "Exchange 2019",   67108864 },
    { { 15,  1,   0 }, EWS_2016,     "Exchange 2016",   67108864 },
    { { 15,  0, 847 }, EWS_2013_SP1, "Exchange 2013",   67108864 },
    { { 15,  0,   0 }, EWS_2013,     "Exchange 2013",   67108864 },
    { { 14,  2,   0 }, EWS_2010_SP2, "Exchange 2010",   35000000 },
    { { 14,  1,   0 }, EWS_2010_SP1, "Exchange 2010",   35000000 },
    { { 14,  0,   0 }, EWS_2010,     "Exchange 2010",   35000000 },
    { {  0,  0,   0 }, EWS_2007_SP1, "Exchange 2007",   30000000 },
};
/* clang-format on */

const char *version_name(enum ews_version version)
{
    return names[version];
}

static int compare(const struct ews_build *a, const struct ews_build *b)
{
    if (a->major != b->major)
        return a->major < b->major ? -1 : 1;
    if (a->minor != b->minor)
        return a->minor < b->minor ? -1 : 1;
    return a->build < b->build ? -1 : a->build > b->build;
}

static size_t line_of(const struct ews_build *build)
{
    size_t i = 0;

    while (compare(&builds[i].build, build) > 0)
        i++;
    return i;
}

enum ews_version version_of_build(const struct ews_build *build)
{
    return builds[line_of(build)].version;
}

const char *version_product(const struct ews_build *build)
{
    return builds[line_of(build)].product;
}

uint64_t version_request_limit(const struct ews_build *build)
{
    return builds[line_of(build)].request_limit;
}

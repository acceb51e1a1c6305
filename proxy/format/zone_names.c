/*
 * zone_names.c - names of zones: Windows', those it shows, and old ones
 *
 * ICU knows which name of Windows stands for which of the IANA's.  What Windows
 * shows to people is not in there; such a name is known here by its first town.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "proxy/base/str.h"
#include "proxy/format/zone_private.h"

struct pair {
    const char *from;
    const char *to;
};

/* clang-format off */

/* What Windows shows, up to the first comma, and the name it means. */
static const struct pair displays[] = {
    { "Amsterdam",                        "W. Europe Standard Time" },
    { "Dublin",                           "GMT Standard Time" },
    { "Brussels",                         "Romance Standard Time" },
    { "Eastern Time (US & Canada)",       "Eastern Standard Time" },
    { "Pacific Time (US & Canada)",       "Pacific Standard Time" },
    { "Central Time (US & Canada)",       "Central Standard Time" },
    { "Mountain Time (US & Canada)",      "Mountain Standard Time" },
    { "Belgrade",                         "Central Europe Standard Time" },
    { "Sarajevo",                         "Central European Standard Time" },
    { "Helsinki",                         "FLE Standard Time" },
    { "Athens",                           "GTB Standard Time" },
    { "Chennai",                          "India Standard Time" },
    { "Beijing",                          "China Standard Time" },
    { "Osaka",                            "Tokyo Standard Time" },
    { "Canberra",                         "AUS Eastern Standard Time" },
    { "Moscow",                           "Russian Standard Time" },
    { "Istanbul",                         "Turkey Standard Time" },
    { "Brasilia",                         "E. South America Standard Time" },
    { "Kuala Lumpur",                     "Singapore Standard Time" },
    { "Seoul",                            "Korea Standard Time" },
    { "Jerusalem",                        "Israel Standard Time" },
    { "Cairo",                            "Egypt Standard Time" },
    { "Harare",                           "South Africa Standard Time" },
    { "Auckland",                         "New Zealand Standard Time" },
    { "Abu Dhabi",                        "Arabian Standard Time" },
    { "Coordinated Universal Time",       "UTC" },
    { "Coordinated Universal Time-11",    "UTC-11" },
    { "Coordinated Universal Time-09",    "UTC-09" },
    { "Coordinated Universal Time-08",    "UTC-08" },
    { "Coordinated Universal Time-02",    "UTC-02" },
    { "Coordinated Universal Time+12",    "UTC+12" },
    { "Coordinated Universal Time+13",    "UTC+13" },
    { "International Date Line West",     "Dateline Standard Time" },
    { "Aleutian Islands",                 "Aleutian Standard Time" },
    { "Hawaii",                           "Hawaiian Standard Time" },
    { "Marquesas Islands",                "Marquesas Standard Time" },
    { "Alaska",                           "Alaskan Standard Time" },
    { "Baja California",                  "Pacific Standard Time (Mexico)" },
    { "Arizona",                          "US Mountain Standard Time" },
    { "Chihuahua",                        "Mountain Standard Time (Mexico)" },
    { "La Paz",                           "Mountain Standard Time (Mexico)" },
    { "Yukon",                            "Yukon Standard Time" },
    { "Central America",                  "Central America Standard Time" },
    { "Easter Island",                    "Easter Island Standard Time" },
    { "Guadalajara",                      "Central Standard Time (Mexico)" },
    { "Saskatchewan",                     "Canada Central Standard Time" },
    { "Bogota",                           "SA Pacific Standard Time" },
    { "Chetumal",                         "Eastern Standard Time (Mexico)" },
    { "Haiti",                            "Haiti Standard Time" },
    { "Havana",                           "Cuba Standard Time" },
    { "Indiana (East)",                   "US Eastern Standard Time" },
    { "Turks and Caicos",                 "Turks And Caicos Standard Time" },
    { "Asuncion",                         "Paraguay Standard Time" },
    { "Atlantic Time (Canada)",           "Atlantic Standard Time" },
    { "Caracas",                          "Venezuela Standard Time" },
    { "Cuiaba",                           "Central Brazilian Standard Time" },
    { "Georgetown",                       "SA Western Standard Time" },
    { "Santiago",                         "Pacific SA Standard Time" },
    { "Newfoundland",                     "Newfoundland Standard Time" },
    { "Araguaina",                        "Tocantins Standard Time" },
    { "Cayenne",                          "SA Eastern Standard Time" },
    { "City of Buenos Aires",             "Argentina Standard Time" },
    { "Buenos Aires",                     "Argentina Standard Time" },
    { "Greenland",                        "Greenland Standard Time" },
    { "Montevideo",                       "Montevideo Standard Time" },
    { "Punta Arenas",                     "Magallanes Standard Time" },
    { "Saint Pierre and Miquelon",        "Saint Pierre Standard Time" },
    { "Salvador",                         "Bahia Standard Time" },
    { "Azores",                           "Azores Standard Time" },
    { "Cabo Verde Is.",                   "Cape Verde Standard Time" },
    { "Cape Verde Is.",                   "Cape Verde Standard Time" },
    { "Monrovia",                         "Greenwich Standard Time" },
    { "Sao Tome",                         "Sao Tome Standard Time" },
    { "Casablanca",                       "Morocco Standard Time" },
    { "West Central Africa",              "W. Central Africa Standard Time" },
    { "Windhoek",                         "Namibia Standard Time" },
    { "Amman",                            "Jordan Standard Time" },
    { "Beirut",                           "Middle East Standard Time" },
    { "Chisinau",                         "E. Europe Standard Time" },
    { "Damascus",                         "Syria Standard Time" },
    { "Gaza",                             "West Bank Standard Time" },
    { "Juba",                             "South Sudan Standard Time" },
    { "Kaliningrad",                      "Kaliningrad Standard Time" },
    { "Khartoum",                         "Sudan Standard Time" },
    { "Tripoli",                          "Libya Standard Time" },
    { "Baghdad",                          "Arabic Standard Time" },
    { "Kuwait",                           "Arab Standard Time" },
    { "Minsk",                            "Belarus Standard Time" },
    { "Nairobi",                          "E. Africa Standard Time" },
    { "Volgograd",                        "Volgograd Standard Time" },
    { "Tehran",                           "Iran Standard Time" },
    { "Astrakhan",                        "Astrakhan Standard Time" },
    { "Baku",                             "Azerbaijan Standard Time" },
    { "Izhevsk",                          "Russia Time Zone 3" },
    { "Port Louis",                       "Mauritius Standard Time" },
    { "Saratov",                          "Saratov Standard Time" },
    { "Tbilisi",                          "Georgian Standard Time" },
    { "Yerevan",                          "Caucasus Standard Time" },
    { "Kabul",                            "Afghanistan Standard Time" },
    { "Ashgabat",                         "West Asia Standard Time" },
    { "Ekaterinburg",                     "Ekaterinburg Standard Time" },
    { "Islamabad",                        "Pakistan Standard Time" },
    { "Qyzylorda",                        "Qyzylorda Standard Time" },
    { "Sri Jayawardenepura",              "Sri Lanka Standard Time" },
    { "Kathmandu",                        "Nepal Standard Time" },
    { "Astana",                           "Central Asia Standard Time" },
    { "Dhaka",                            "Bangladesh Standard Time" },
    { "Omsk",                             "Omsk Standard Time" },
    { "Yangon (Rangoon)",                 "Myanmar Standard Time" },
    { "Bangkok",                          "SE Asia Standard Time" },
    { "Barnaul",                          "Altai Standard Time" },
    { "Hovd",                             "W. Mongolia Standard Time" },
    { "Krasnoyarsk",                      "North Asia Standard Time" },
    { "Novosibirsk",                      "N. Central Asia Standard Time" },
    { "Tomsk",                            "Tomsk Standard Time" },
    { "Irkutsk",                          "North Asia East Standard Time" },
    { "Perth",                            "W. Australia Standard Time" },
    { "Taipei",                           "Taipei Standard Time" },
    { "Ulaanbaatar",                      "Ulaanbaatar Standard Time" },
    { "Eucla",                            "Aus Central W. Standard Time" },
    { "Chita",                            "Transbaikal Standard Time" },
    { "Pyongyang",                        "North Korea Standard Time" },
    { "Yakutsk",                          "Yakutsk Standard Time" },
    { "Adelaide",                         "Cen. Australia Standard Time" },
    { "Darwin",                           "AUS Central Standard Time" },
    { "Brisbane",                         "E. Australia Standard Time" },
    { "Guam",                             "West Pacific Standard Time" },
    { "Hobart",                           "Tasmania Standard Time" },
    { "Vladivostok",                      "Vladivostok Standard Time" },
    { "Lord Howe Island",                 "Lord Howe Standard Time" },
    { "Bougainville Island",              "Bougainville Standard Time" },
    { "Chokurdakh",                       "Russia Time Zone 10" },
    { "Magadan",                          "Magadan Standard Time" },
    { "Norfolk Island",                   "Norfolk Standard Time" },
    { "Sakhalin",                         "Sakhalin Standard Time" },
    { "Solomon Is.",                      "Central Pacific Standard Time" },
    { "Anadyr",                           "Russia Time Zone 11" },
    { "Fiji",                             "Fiji Standard Time" },
    { "Chatham Islands",                  "Chatham Islands Standard Time" },
    { "Nuku'alofa",                       "Tonga Standard Time" },
    { "Samoa",                            "Samoa Standard Time" },
    { "Kiritimati Island",                "Line Islands Standard Time" },
};

/* Names of Windows, or what Exchange makes of them, that ICU does not know. */
static const struct pair oddities[] = {
    { "tzone://Microsoft/Utc",            "Etc/UTC" },
    { "Mid-Atlantic Standard Time",       "Etc/GMT+2" },
    { "Kamchatka Standard Time",          "Asia/Kamchatka" },
    { "Coordinated Universal Time",       "Etc/UTC" },
};

/* CLDR keeps a zone's first name for ever; calendars use today's. */
static const struct pair renamed[] = {
    { "Africa/Asmera",                    "Africa/Asmara" },
    { "America/Buenos_Aires",             "America/Argentina/Buenos_Aires" },
    { "America/Catamarca",                "America/Argentina/Catamarca" },
    { "America/Cordoba",                  "America/Argentina/Cordoba" },
    { "America/Jujuy",                    "America/Argentina/Jujuy" },
    { "America/Mendoza",                  "America/Argentina/Mendoza" },
    { "America/Coral_Harbour",            "America/Atikokan" },
    { "America/Godthab",                  "America/Nuuk" },
    { "America/Indianapolis",             "America/Indiana/Indianapolis" },
    { "America/Louisville",               "America/Kentucky/Louisville" },
    { "Asia/Calcutta",                    "Asia/Kolkata" },
    { "Asia/Katmandu",                    "Asia/Kathmandu" },
    { "Asia/Rangoon",                     "Asia/Yangon" },
    { "Asia/Saigon",                      "Asia/Ho_Chi_Minh" },
    { "Atlantic/Faeroe",                  "Atlantic/Faroe" },
    { "Europe/Kiev",                      "Europe/Kyiv" },
    { "Pacific/Enderbury",                "Pacific/Kanton" },
    { "Pacific/Ponape",                   "Pacific/Pohnpei" },
    { "Pacific/Truk",                     "Pacific/Chuuk" },
};

/* Where most people are. */
static const char *const likely[] = {
    "Europe/Berlin",       "America/New_York",  "America/Los_Angeles",
    "America/Chicago",     "Europe/London",     "Asia/Shanghai",
    "Asia/Kolkata",        "America/Denver",    "Europe/Helsinki",
    "Asia/Tokyo",          "Australia/Sydney",  "America/Sao_Paulo",
    "Europe/Moscow",       "America/Phoenix",   "Asia/Dubai",
    "Asia/Singapore",      "America/Toronto",   "America/Halifax",
    "Africa/Johannesburg", "Asia/Bangkok",      "America/Bogota",
    "Africa/Lagos",        "Asia/Karachi",      "Pacific/Auckland",
};
/* clang-format on */

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const char *pair_find(const struct pair *table, size_t count,
                             const char *from, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (str_is_nocase(from, len, table[i].from))
            return table[i].to;
    return NULL;
}

/* Names are ASCII; what is not is no name. */
static bool to_utf16(const char *name, UChar out[ZONE_NAME])
{
    size_t len = strlen(name);
    if (len >= ZONE_NAME)
        return false;
    for (size_t i = 0; i <= len; i++) {
        if ((unsigned char)name[i] >= 0x80)
            return false;
        out[i] = (UChar)name[i];
    }
    return true;
}

static bool from_utf16(const UChar *name, int32_t len, UErrorCode error,
                       char out[ZONE_NAME])
{
    if (U_FAILURE(error) || len <= 0 || len >= ZONE_NAME)
        return false;
    for (int32_t i = 0; i < len; i++)
        out[i] = (char)name[i];
    out[len] = '\0';
    return true;
}

bool zone_name_of_windows(const char *windows, char out[ZONE_NAME])
{
    const char *odd =
        pair_find(oddities, COUNT(oddities), windows, strlen(windows));
    if (odd != NULL) {
        snprintf(out, ZONE_NAME, "%s", odd);
        return true;
    }
    UChar from[ZONE_NAME], to[ZONE_NAME];
    UErrorCode error = U_ZERO_ERROR;
    if (!to_utf16(windows, from))
        return false;
    int32_t len = ucal_getTimeZoneIDForWindowsID(from, -1, NULL, to, ZONE_NAME,
                                                 &error);
    return from_utf16(to, len, error, out);
}

bool zone_name_to_windows(const char *name, char out[ZONE_NAME])
{
    UChar from[ZONE_NAME], to[ZONE_NAME];
    UErrorCode error = U_ZERO_ERROR;
    if (!to_utf16(name, from))
        return false;
    int32_t len =
        ucal_getWindowsTimeZoneID(from, -1, to, ZONE_NAME, &error);
    return from_utf16(to, len, error, out);
}

void zone_name_today(const char *name, char out[ZONE_NAME])
{
    UChar from[ZONE_NAME], to[ZONE_NAME];
    UErrorCode error = U_ZERO_ERROR;
    UBool system = false;
    snprintf(out, ZONE_NAME, "%s", name);
    if (pair_find(renamed, COUNT(renamed), name, strlen(name)) == NULL &&
        to_utf16(name, from)) {
        int32_t len = ucal_getCanonicalTimeZoneID(from, -1, to, ZONE_NAME,
                                                  &system, &error);
        if (!system || !from_utf16(to, len, error, out))
            snprintf(out, ZONE_NAME, "%s", name);
    }
    const char *today = pair_find(renamed, COUNT(renamed), out, strlen(out));
    if (today != NULL)
        snprintf(out, ZONE_NAME, "%s", today);
}

const char *zone_name_of_display(const char *display)
{
    if (display[0] == '(') {
        const char *end = strchr(display, ')');
        if (end == NULL)
            return NULL;
        display = end + 1;
    }
    display += strspn(display, " ");
    return pair_find(displays, COUNT(displays), display,
                     strcspn(display, ","));
}

const char *zone_windows_at(size_t index)
{
    return index < COUNT(displays) ? displays[index].to : NULL;
}

const char *zone_likely_at(size_t index)
{
    return index < COUNT(likely) ? likely[index] : NULL;
}

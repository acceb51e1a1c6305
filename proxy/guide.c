/*
 * guide.c - what a person types into a mail program
 */
#include "proxy/guide.h"

#include "proxy/base/str.h"
#include "proxy/run.h"
#include "proxy/porter.h"

static const char advice[] =
    "  Thunderbird: New Account > Email; fill in your name, %s\n"
    "    and the password, choose \"Configure manually\", type in the above.\n"
    "  Evolution: File > New > Mail Account; the server type is IMAP for\n"
    "    receiving and SMTP for sending, the encryption is \"No encryption\",\n"
    "    the authentication is Password (for sending: tick \"Server requires\n"
    "    authentication\", the type is PLAIN).\n"
    "\n"
    "Ctrl-C ends it.\n\n";

static const char calendar_advice[] =
    "\n  Calendars, tasks and contacts: CalDAV, CardDAV\n"
    "      Address             http://localhost:%u/\n"
    "      User name           %s\n"
    "\n"
    "      Thunderbird: Calendar > Add Calendar > On the Network, and\n"
    "        Address Book > New Address Book > Add remote Address Book.\n"
    "      Evolution: New > Collection Account; the address is the server\n"
    "        below Advanced Options.\n"
    "      Without a look-up: /users/%s/calendar/, .../tasks/\n"
    "        and .../contacts/ at this address.\n";

static const char directory_advice[] =
    "\n  Addresses of the organisation: LDAP\n"
    "      Address             ldap://localhost:%u/ou=people\n"
    "      Bind DN             %s\n";

static void print_door(FILE *out, const char *what, const struct porter *porter,
                       const char *protocol, const char *user)
{
    unsigned port = porter_port_of(porter, protocol);

    if (port == 0)
        return;
    fprintf(out,
            "\n  %s\n"
            "      Server              localhost\n"
            "      Port                %u\n"
            "      Connection security None (it stays on this machine)\n"
            "      Authentication      Normal password\n"
            "      User name           %s\n",
            what, port, user);
}

void guide_print(FILE *out, const struct guide *guide,
                 const struct porter *porter)
{
    fprintf(out, "\n%s\n", guide->greeting);
    print_door(out, "Incoming mail: IMAP", porter, "imap", guide->user);
    print_door(out, "Outgoing mail: SMTP", porter, "smtp", guide->user);
    if (porter_port_of(porter, "caldav") != 0)
        fprintf(out, calendar_advice, porter_port_of(porter, "caldav"),
                guide->user, guide->user);
    if (porter_port_of(porter, "ldap") != 0)
        fprintf(out, directory_advice, porter_port_of(porter, "ldap"),
                guide->user);
    fprintf(out, "\n  Password: %s\n\n", guide->password);
    fprintf(out, advice, guide->user);
    fflush(out);
}

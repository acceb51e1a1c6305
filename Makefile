# Makefile - builds, checks, tests, runs and installs Postern
#
#   make                build/postern; touches nothing outside of the tree
#   make run            installs what is missing, builds, and runs the demo;
#                       EXCHANGE=https://... takes a real server instead
#   make check          the layers and the unit tests: the fast inner loop
#                       SAN=address,undefined or SAN=thread has them watched
#   make test           installs what is missing, and runs every test there is
#   make fuzz           each fuzzer for FUZZ_SECONDS
#   make bench          calls, time and memory, beside DavMail
#   make install        DESTDIR= PREFIX=/usr/local
#   make uninstall clean
#
# V=1 shows the commands.  Packages are listed in config/packages.

VERSION := 0.4.0
CC ?= cc
SAN ?=
PREFIX ?= /usr/local
SYSCONFDIR ?= $(if $(filter /usr /usr/local,$(PREFIX)),/etc,$(PREFIX)/etc)
FUZZ_SECONDS ?= 60

comma := ,
B := build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' $(1) $(2))

# --- Flags ---------------------------------------------------------------------

PKGS := libuv libxml-2.0 libcrypto libssl sqlite3 icu-uc icu-i18n zlib libical
CFLAGS ?= -O2 -g
WERROR ?= $(if $(CI),-Werror)

# Asked for once, when the first file is compiled: a bare machine has no pkg-config.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell pkg-config --cflags $(PKGS)))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell pkg-config --libs $(PKGS)))$(PKG_LIBS)

ALL_CFLAGS = $(CFLAGS) -std=c11 -D_GNU_SOURCE -DPOSTERN_VERSION='"$(VERSION)"' -I. \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wwrite-strings -Wvla -Wformat=2 -Wno-format-nonliteral $(WERROR) \
	$(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -Wno-format-truncation) \
	-pthread $(PKG_CFLAGS)

# libetpan brings GnuTLS's libcurl; naming the file takes OpenSSL's, so that we speak
# one TLS library.
LIBS = $(PKG_LIBS) -l:libcurl.so.4 -letpan -linih -lhttp_parser -lldap -llber -lmspack \
	-lm -pthread

# Criterion does not go with sanitizers: a small runner takes its place then.
CRITERION = $(if $(SAN),$(B)/tests/sanitizers/runner.o,-lcriterion)

# --- Sources -------------------------------------------------------------------

find = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))

DAEMON_SRC := $(call find,proxy imap smtp caldav ldap config)
EXCHANGE_SRC := $(sort $(wildcard tests/exchange/*.c))
UNIT_SRC := $(filter-out tests/exchange/% tests/clients/% tests/fuzz/% \
	tests/bench/% tests/sanitizers/%,$(call find,tests))
CLIENTS_SRC := $(call find,tests/clients) tests/format/ical_corpus.c \
	tests/ports.c tests/proxy/exchange/ldap/slapd.c
BENCH_SRC := $(call find,tests/bench)
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

object = $(patsubst %.c,$(B)/%.o,$(1))
DAEMON_OBJ = $(call object,$(DAEMON_SRC))
EXCHANGE_OBJ = $(call object,$(EXCHANGE_SRC))
LIBRARY_OBJ = $(filter-out $(B)/proxy/main.o,$(DAEMON_OBJ))
BASE_OBJ = $(call object,$(wildcard proxy/base/*.c))

link = $(call say,LD,$@)
define LINK
	$(link)
	$(Q)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIBS) $(1)
endef

# What `make test` has at once, and which sanitizers watch it.
AT_ONCE := -j$(shell nproc)
WATCHED := watched-by-address,undefined watched-by-thread

# --- Building ------------------------------------------------------------------

.PHONY: $(WATCHED) all run test check layers clients fuzz bench install uninstall clean \
	packages packages-run packages-test packages-fuzz documents

all: $(B)/postern documents

$(B)/postern: $(DAEMON_OBJ) $(EXCHANGE_OBJ)
	$(call LINK)

$(B)/check: $(LIBRARY_OBJ) $(EXCHANGE_OBJ) $(call object,$(UNIT_SRC)) \
		$(filter %.o,$(CRITERION))
	$(call LINK,$(filter -l%,$(CRITERION)))

$(B)/clients: $(BASE_OBJ) $(EXCHANGE_OBJ) $(call object,$(CLIENTS_SRC))
	$(call LINK,-lcriterion)

# The simulated Exchange as a program of its own.
$(B)/exchange: $(BASE_OBJ) $(EXCHANGE_OBJ) $(call object,$(BENCH_SRC))
	$(call LINK)

$(B)/fuzz_%: $(B)/tests/fuzz/fuzz_%.o $(LIBRARY_OBJ) $(EXCHANGE_OBJ)
	$(call LINK)

.SECONDARY: # keeps the objects of the fuzzers
$(B)/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- Documents -----------------------------------------------------------------

DOCUMENTS := $(addprefix $(B)/,postern.8 postern.conf.5 postern-calendars.7 \
	postern.conf postern.service postern-system.service postern.desktop)
documents: $(DOCUMENTS)

FILL = sed -e 's|@BINDIR@|$(PREFIX)/bin|g' -e 's|@VERSION@|$(VERSION)|g'

$(B)/postern.conf.5: config/postern.conf.5 $(B)/postern
	$(call say,MAN,$@)
	$(Q)$(B)/postern --manual-settings >$@.settings
	$(Q)$(FILL) -e '/@SETTINGS@/{r $@.settings' -e 'd}' $< >$@

$(B)/postern.conf: $(B)/postern
	$(Q)$(B)/postern --example-settings >$@

$(B)/%: config/%
	@mkdir -p $(@D)
	$(Q)$(FILL) $< >$@

# --- Checking ------------------------------------------------------------------

export ASAN_OPTIONS ?= detect_leaks=1
export TSAN_OPTIONS ?= halt_on_error=0 suppressions=tests/sanitizers/suppressions
export UBSAN_OPTIONS ?= print_stacktrace=1 halt_on_error=1

check: layers $(B)/check
	$(Q)tests/layers/symbols $(B)/check
	$(Q)$(B)/check

layers:
	$(Q)tests/layers/check

# Clients wait more than they compute, so that many run at once.
clients: $(B)/postern $(B)/clients
	$(Q)$(B)/clients -j8

# The sanitizers see the unit tests; then the program itself meets real ones.
test: packages-test
	$(Q)$(MAKE) $(AT_ONCE) CI=1 all build/check build/clients
	$(Q)$(MAKE) $(AT_ONCE) -Otarget CI=1 CFLAGS='-O1 -g' \
		$(WATCHED)
	$(Q)$(MAKE) CI=1 check
	$(Q)$(MAKE) CI=1 clients

$(WATCHED): watched-by-%:
	$(Q)$(MAKE) check SAN=$*

fuzz: packages-fuzz
	$(Q)$(MAKE) run-fuzzers B=build/fuzz CC=clang \
		CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined'

run-fuzzers: LDFLAGS += -fsanitize=fuzzer
run-fuzzers: $(addprefix $(B)/,$(FUZZERS))
	$(Q)for fuzzer in $(FUZZERS); do \
		echo "$$fuzzer"; mkdir -p $(B)/corpus/$$fuzzer; \
		$(B)/$$fuzzer -max_total_time=$(FUZZ_SECONDS) -verbosity=0 -print_final_stats=1 \
			$(B)/corpus/$$fuzzer $$(ls -d tests/fuzz/corpus/$$fuzzer 2>/dev/null) \
			|| exit 1; \
	done

bench: packages-test
	$(Q)$(MAKE) build/postern build/exchange
	$(Q)/usr/bin/python3 -B tests/bench/bench.py

# --- Running and installing ------------------------------------------------------

run: packages-run
	$(Q)$(MAKE) $(AT_ONCE) all
	$(Q)$(B)/postern $(if $(EXCHANGE),run --exchange '$(EXCHANGE)',demo)

packages-run:
	$(Q)config/install-packages build

packages-test:
	$(Q)config/install-packages build test

packages-fuzz:
	$(Q)config/install-packages build test fuzz

MAN := $(DESTDIR)$(PREFIX)/share/man
UNITS := $(DESTDIR)$(PREFIX)/lib/systemd
ETC := $(DESTDIR)$(SYSCONFDIR)
INSTALL := install -D -m 644

install: all
	install -D -m 755 $(B)/postern $(DESTDIR)$(PREFIX)/bin/postern
	$(INSTALL) $(B)/postern.8 $(MAN)/man8/postern.8
	$(INSTALL) $(B)/postern.conf.5 $(MAN)/man5/postern.conf.5
	$(INSTALL) $(B)/postern-calendars.7 $(MAN)/man7/postern-calendars.7
	$(INSTALL) $(B)/postern.service $(UNITS)/user/postern.service
	$(INSTALL) $(B)/postern-system.service $(UNITS)/system/postern.service
	$(INSTALL) $(B)/postern.desktop $(ETC)/xdg/autostart/postern.desktop
	test -e $(ETC)/postern/postern.conf || \
		$(INSTALL) $(B)/postern.conf $(ETC)/postern/postern.conf

# Keeps the settings.
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/postern $(MAN)/man8/postern.8 \
		$(MAN)/man5/postern.conf.5 $(MAN)/man7/postern-calendars.7 \
		$(UNITS)/user/postern.service $(UNITS)/system/postern.service \
		$(ETC)/xdg/autostart/postern.desktop

clean:
	rm -rf build

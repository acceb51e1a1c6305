# Makefile - builds, checks, tests, runs and installs Postern
#
#   make                      build/postern, nothing outside the tree is touched
#   make check                layers and unit tests  (SAN=address,undefined or thread)
CC ?= cc
SAN ?=
WERROR ?= $(if $(CI),-Werror)
VERSION := 0.1.0

B := build$(if $(SAN),/$(subst $(comma),-,$(SAN)))
comma := ,

PKGS := libuv libxml-2.0 libcrypto libssl sqlite3 icu-uc icu-i18n zlib
CFLAGS ?= -O2 -g
ALL_CFLAGS = $(CFLAGS) -std=c11 -D_GNU_SOURCE -DPOSTERN_VERSION='"$(VERSION)"' -I. \
	-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	-Wvla -Wformat=2 -Wno-format-nonliteral $(WERROR) $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer) \
	-pthread $(shell pkg-config --cflags $(PKGS))
# libetpan brings GnuTLS's libcurl; naming the file takes OpenSSL's, so that we speak
# one TLS library.
LIBS = $(shell pkg-config --libs $(PKGS)) -l:libcurl.so.4 -letpan -linih -lhttp_parser -lsystemd -pthread -lm

DAEMON_SRC := $(sort $(shell find proxy imap smtp caldav ldap config -name '*.c'))
EXCHANGE_SRC := $(sort $(wildcard tests/exchange/*.c))
UNIT_SRC := $(sort $(shell find tests/base tests/format tests/proxy tests/imap tests/smtp tests/config -name '*.c' 2>/dev/null))

DAEMON_OBJ := $(DAEMON_SRC:%.c=$(B)/%.o)
EXCHANGE_OBJ := $(EXCHANGE_SRC:%.c=$(B)/%.o)
UNIT_OBJ := $(UNIT_SRC:%.c=$(B)/%.o)

all: $(B)/postern

$(B)/postern: $(DAEMON_OBJ) $(EXCHANGE_OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/check: $(filter-out $(B)/proxy/main.o,$(DAEMON_OBJ)) $(EXCHANGE_OBJ) $(UNIT_OBJ)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

check: $(B)/check
	$(B)/check

clean:
	rm -rf build

-include $(shell find $(B) -name '*.d' 2>/dev/null)
.PHONY: all check clean

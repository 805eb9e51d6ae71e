#!/bin/sh
# Finds a Chromium for the tests in a browser, or installs Debian's when that is possible.
set -eu

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  echo 'Installing Chromium for the tests in a browser.'
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
  exit 0
fi

echo 'The tests in a browser need Chromium. Please install it, e.g. with:' >&2
echo '  sudo apt-get install chromium' >&2
exit 1

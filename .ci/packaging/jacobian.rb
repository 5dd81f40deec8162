# Homebrew: `brew install --build-from-source ./jacobian.rb`, beside the archive. `make release`
# fills in the version and the digest.
class Jacobian < Formula
  desc "Explicit Jacobians of neural-network modules, shown and checked"
  url "file://#{__dir__}/jacobian-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license "GPL-3.0-or-later"

  depends_on "gettext" => :build
  depends_on "make" => :build
  depends_on "pkgconf" => :build
  depends_on "flint"
  depends_on "gsl"
  depends_on "jansson"
  depends_on "libcsv"
  depends_on "libpng"
  depends_on "md4c"
  depends_on "openblas"
  depends_on "zstd"

  def install
    system "gmake", "install", "PREFIX=#{prefix}"
  end

  test do
    assert_match "agrees", shell_output("#{bin}/jacobian check softmax:4")
  end
end

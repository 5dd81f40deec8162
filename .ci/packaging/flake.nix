# Nix: `nix build '.?dir=.ci/packaging'` in a clone; `nix develop '.?dir=.ci/packaging'` for a shell
# with all that the build and the tests need.
{
  description = "Explicit Jacobians of neural-network modules, shown and checked";
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.11";
  outputs = { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "x86_64-darwin" "aarch64-darwin" ];
      each = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.${system});
      package = pkgs: pkgs.stdenv.mkDerivation {
        pname = "jacobian";
        version = builtins.head (builtins.elemAt
          (builtins.split "VERSION := ([0-9.]+)" (builtins.readFile ../../Makefile)) 1);
        src = ../..;
        nativeBuildInputs = with pkgs; [ gettext pkg-config ];
        buildInputs = with pkgs; [ flint gsl jansson libcsv libpng md4c openblas zlib zstd ];
        nativeCheckInputs = with pkgs; [ check ];
        makeFlags = [ "PREFIX=${placeholder "out"}" ];
        doCheck = true;
        checkTarget = "check";
      };
    in {
      packages = each (pkgs: { default = package pkgs; });
      devShells = each (pkgs: { default = pkgs.mkShell { inputsFrom = [ (package pkgs) ]; packages = [ pkgs.check ]; }; });
    };
}

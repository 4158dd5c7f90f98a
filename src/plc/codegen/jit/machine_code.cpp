#include "plc/codegen/jit/machine_code.hpp"

#include <fmt/format.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Target/TargetMachine.h>
#include <malloc.h>

#include <mutex>

#include "plc/codegen/emit/module_emitter.hpp"
#include "plc/codegen/support/entry_points.hpp"

namespace wl::plc::jit {
namespace {

namespace orc = llvm::orc;

std::unexpected<Error> refused(const char* step, llvm::Error error) {
  return fail(Errc::unavailable,
              fmt::format("cannot {} machine code: {}", step, llvm::toString(std::move(error))));
}

void initialize_native_target() {
  // The native target alone: the others would only cost memory.
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
}

llvm::OptimizationLevel pass_level(Optimization level) {
  switch (level) {
    case Optimization::none:
      return llvm::OptimizationLevel::O0;
    case Optimization::fast_compile:
      return llvm::OptimizationLevel::O1;
    default:
      return llvm::OptimizationLevel::O2;
  }
}

void optimize(llvm::Module& module, llvm::TargetMachine& machine, Optimization level) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager call_graph;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder passes(&machine);
  passes.registerModuleAnalyses(modules);
  passes.registerCGSCCAnalyses(call_graph);
  passes.registerFunctionAnalyses(functions);
  passes.registerLoopAnalyses(loops);
  passes.crossRegisterProxies(loops, functions, call_graph, modules);
  llvm::ModulePassManager pipeline = level == Optimization::none
                                         ? passes.buildO0DefaultPipeline(pass_level(level))
                                         : passes.buildPerModuleDefaultPipeline(pass_level(level));
  pipeline.run(module, modules);
}

orc::SymbolMap visible_symbols(orc::LLJIT& jit) {
  orc::SymbolMap symbols;
  for (const support::EntryPoint& entry : support::entry_points())
    symbols[jit.mangleAndIntern(llvm::StringRef(entry.name.data(), entry.name.size()))] = {
        orc::ExecutorAddr::fromPtr(entry.address),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  return symbols;
}

}  // namespace

struct MachineCode::Engine {
  std::unique_ptr<orc::LLJIT> jit;
};

MachineCode::MachineCode(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
MachineCode::~MachineCode() = default;

Result<std::unique_ptr<MachineCode>> MachineCode::build(const lang::CheckedProgram& program,
                                                        layout::StateLayout& layout,
                                                        Optimization level) {
  initialize_native_target();
  llvm::Expected<orc::JITTargetMachineBuilder> host = orc::JITTargetMachineBuilder::detectHost();
  if (!host) return refused("select", host.takeError());
  host->setCodeGenOptLevel(level == Optimization::none ? llvm::CodeGenOptLevel::None
                                                       : llvm::CodeGenOptLevel::Default);
  llvm::Expected<std::unique_ptr<llvm::TargetMachine>> machine = host->createTargetMachine();
  if (!machine) return refused("select", machine.takeError());

  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("application", *context);
  module->setDataLayout((*machine)->createDataLayout());
  module->setTargetTriple((*machine)->getTargetTriple().str());
  emit::ModuleEmitter emitter(*module, program, layout);
  Result<std::vector<emit::FaultSite>> sites = emitter.emit();
  if (!sites) return std::unexpected(sites.error());
  std::string broken;
  llvm::raw_string_ostream explanation(broken);
  if (llvm::verifyModule(*module, &explanation))
    return fail(Errc::unavailable, fmt::format("the compiler made invalid code: {}", broken));
  optimize(*module, **machine, level);

  auto engine = std::make_unique<Engine>();
  llvm::Expected<std::unique_ptr<orc::LLJIT>> jit =
      orc::LLJITBuilder()
          .setJITTargetMachineBuilder(std::move(*host))
          .setLinkProcessSymbolsByDefault(false)
          .setPlatformSetUp(orc::setUpInactivePlatform)
          .create();
  if (!jit) return refused("prepare", jit.takeError());
  engine->jit = std::move(*jit);
  orc::LLJIT& linker = *engine->jit;
  if (llvm::Error error =
          linker.getMainJITDylib().define(orc::absoluteSymbols(visible_symbols(linker))))
    return refused("link", std::move(error));
  if (llvm::Error error =
          linker.addIRModule(orc::ThreadSafeModule(std::move(module), std::move(context))))
    return refused("load", std::move(error));

  std::unique_ptr<MachineCode> code(new MachineCode(std::move(engine)));
  code->sites_ = std::move(*sites);
  for (const auto& pou : program.pous) {
    if (pou->kind != lang::PouKind::program) continue;
    llvm::Expected<orc::ExecutorAddr> address = linker.lookup(emit::program_symbol(pou->name));
    if (!address) return refused("link", address.takeError());
    code->programs_.push_back({pou->name, address->toPtr<ProgramEntry>()});
  }
  ::malloc_trim(0);  // The IR was freed by the lookup; give its pages back to the system.
  return code;
}

}  // namespace wl::plc::jit
